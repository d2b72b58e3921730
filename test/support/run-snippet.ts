import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';
import { Snippet } from './snippets';

/** Runs a snippet, and returns the app that it has made. */
export function runSnippet({ code }: Snippet): App {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const run = new Function('require', 'exports', `${outputText}; return typeof app !== 'undefined' ? app : stack.node.root;`);
  return run((name: string) => (name === 'cdk-secure-bucket' ? require('../../src') : require(name)), {}); // eslint-disable-line @typescript-eslint/no-require-imports
}
