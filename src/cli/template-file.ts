import { closeSync, openSync, readFileSync, readSync, statSync } from 'fs';
import { basename } from 'path';
import { assertPlain } from './plain-value';
import { positionAt, readWrittenJson, WrittenDocument } from './written-members';
import { isObject } from '../policy/json';
import { memberText, positionText } from '../template/mistake';
import { StackTemplate, Template, WrittenMember } from '../template/template';
import { WrongInputError } from '../template/wrong-input';

// Twice what CloudFormation takes of a template: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const LARGEST = 2_000_000; // bytes

/** A template, and which keys its file has twice. */
export type ReadTemplate = Pick<StackTemplate, 'keysTwice'> & { readonly template: Template };

/**
 * Reads a CloudFormation template, JSON or YAML.
 *
 * @throws WrongInputError if the file cannot be read or is no template
 */
export function readTemplate(file: string): ReadTemplate {
  return templateIn(readWritten(file), file);
}

/**
 * Reads a file that may be a template. Undefined if it is none, nor meant as one.
 *
 * @throws WrongInputError if it is meant as a template, and cannot be read
 */
export function readIfTemplate(file: string): ReadTemplate | undefined {
  const document = documentIfTemplate(file);
  const value = document?.value;
  return document && isObject(value) && SECTIONS.some((section) => Object.hasOwn(value, section)) ? templateIn(document, file) : undefined;
}

const SECTIONS = ['Resources', 'AWSTemplateFormatVersion'];
const LIKE_TEMPLATE = new RegExp(`^["']?(?:${SECTIONS.join('|')})["']?\\s*:|"(?:${SECTIONS.join('|')})"\\s*:`, 'm');

function documentIfTemplate(file: string): WrittenDocument | undefined {
  try {
    return readWritten(file);
  } catch (error) {
    if (error instanceof WrongInputError && !LIKE_TEMPLATE.test(beginningOf(file) ?? 'Resources:')) {
      return undefined;
    }
    throw error;
  }
}

/** Undefined if the file cannot be read at all. */
function beginningOf(file: string): string | undefined {
  try {
    const handle = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(LARGEST);
      return buffer.toString('utf8', 0, readSync(handle, buffer, 0, LARGEST, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}

function templateIn({ value, nulls, twice }: WrittenDocument, file: string): ReadTemplate {
  const problem = malformation(value);
  if (problem) {
    throw new WrongInputError(`${file} is no CloudFormation template: ${problem}.`);
  }
  const template = value as Template;
  const nothing = template.Transform === undefined ? nulls.find(({ path }) => takesNoNull(path)) : undefined; // transforms replace what they are given
  if (nothing) {
    throw new WrongInputError(`${file} cannot be read: '${memberText(nothing)}' has no value, and CloudFormation takes no null: leave it out ${positionText(nothing)}.`);
  }
  return twice.length > 0 ? { template, keysTwice: twice } : { template };
}

/** What is documented of metadata does not say it. */
function takesNoNull([section, , attribute]: WrittenMember['path']): boolean {
  return ['Resources', 'Parameters', 'Mappings', 'Conditions', 'Outputs'].includes(String(section)) && !(section === 'Resources' && attribute === 'Metadata');
}

/** Reads a file that consists of what JSON has, be it written as YAML. */
export function readDocument(file: string): unknown {
  const { value, twice: [twice] } = readWritten(file);
  if (twice) {
    throw new WrongInputError(`${file} cannot be read: the key '${twice.path.at(-1)}' occurs twice ${positionText(twice)}.`);
  }
  return value;
}

function readWritten(file: string): WrittenDocument {
  const text = readText(file);
  try {
    const document = parse(text);
    assertPlain(document.value);
    return document;
  } catch (error) {
    throw error instanceof WrongInputError ? new WrongInputError(`${file} cannot be read: ${error.message}.`) : error;
  }
}

/** The name of a stack whose template is in a file, if nobody says another one. */
export function stackNameOf(file: string): string {
  return basename(file).replace(/\.(?:json|ya?ml|template)$/i, '').replace(/\.template$/i, '');
}

/** Reads a file of a size that templates have. */
export function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > LARGEST) {
      throw new WrongInputError(`${file} is too large: ${size} bytes, while CloudFormation takes 1 MB.`);
    }
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw error instanceof WrongInputError ? error : new WrongInputError(`${file} cannot be read: ${reason(error)}.`);
  }
}

function reason(error: unknown): string {
  const reasons: Record<string, string> = { ENOENT: 'there is no such file', EACCES: 'permission denied', EISDIR: 'it is a folder', ENOTDIR: 'there is no such file' };
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}

/** Whoever has no template in YAML does not wait for the parser. */
function yaml(text: string): WrittenDocument {
  const { parseYaml } = require('./yaml-template') as typeof import('./yaml-template'); // eslint-disable-line @typescript-eslint/no-require-imports
  return parseYaml(text);
}

/** CloudFormation, too, takes a template for JSON, and for YAML if it is none: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-validate-template.html */
function parse(text: string): WrittenDocument {
  if (!/^\s*[[{"]/.test(text)) {
    return yaml(text);
  }
  try {
    return readWrittenJson(text);
  } catch (error) {
    assertNoComments(text);
    return parseFlow(text, error as Error);
  }
}

const TEXT_OR_COMMENT = /"(?:\\.|[^"\\])*"|(?<=^|[\s{}[\],])\/[/*]/g;

/** What begins as JSON does, and then has comments as JavaScript has them, would be read as strange keys of YAML. */
function assertNoComments(text: string): void {
  const comment = /^\s*\{\s*["/]/.test(text) ? Array.from(text.matchAll(TEXT_OR_COMMENT)).find(([found]) => found.startsWith('/')) : undefined;
  if (comment) {
    throw new WrongInputError(`it is JSON, which has no comments ${positionText(positionAt(text, comment.index))}`);
  }
}

/** YAML may begin with a brace, too; what is neither is told as JSON. */
function parseFlow(text: string, jsonError: Error): WrittenDocument {
  try {
    return yaml(text);
  } catch (error) {
    const place = /\(line \d+, column \d+\)$/.exec((error as Error).message)?.[0] ?? '';
    throw new WrongInputError(`${jsonError.message.replace(/ at position \d+.*$/s, '')} ${place}`.trim());
  }
}

function malformation(template: unknown): string | undefined {
  if (!isObject(template)) {
    return 'it is no object';
  }
  if (!Object.hasOwn(template, 'Resources') || !isObject(template.Resources)) {
    return "it has no 'Resources'";
  }
  const wrong = Object.entries(template.Resources).find(([logicalId, resource]) => !logicalId.startsWith('Fn::') && !(isObject(resource) && typeof resource.Type === 'string'));
  return wrong && `the resource '${wrong[0]}' has no Type`;
}
