import { cpSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { NewFolder, pack, PROJECT, Ran } from '../support/new-folder';

const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');
const [, INSTALL] = /^## Install\n\n```sh\n(.*)\n```$/m.exec(readFileSync(join(PROJECT, 'README.md'), 'utf8'))!;
const QUIET = { NO_COLOR: '1', CI: 'true' };

/**
 * An app that the `cdk` command has made, with this package installed as README says, on a version of Node of its own: what a new user does, with
 * the newest versions that npm finds.
 */
export class NewApp extends NewFolder {
  private readonly main: string;
  private last?: { readonly code: string; readonly ran: Ran };

  constructor(nodeVersion: number) {
    super();
    this.run(process.execPath, CDK, 'init', 'app', '--language', 'typescript', '--generate-only');
    this.run('npm', 'install', '--no-audit', '--no-fund', '--save-dev', `node@${nodeVersion}`); // npx prefers it
    this.run('bash', '-e', '-c', `${INSTALL.replace('cdk-secure-bucket', pack().tarball)} --no-audit --no-fund`);
    this.main = /bin\/\S+\.ts/.exec(this.read('cdk.json'))![0];
    expect(this.run('npx', 'node', '--version')).toMatch(new RegExp(`^v${nodeVersion}\\.`));
  }

  /** Synthesizes an app; what was synthesized last is still there. */
  public synthesize(code: string): Ran {
    if (this.last?.code !== code) {
      writeFileSync(join(this.path, this.main), code);
      this.last = { code, ran: this.try(QUIET, 'npx', 'cdk', 'synth') };
    }
    return this.last.ran;
  }

  /** Copies the folder of an example into the app, and synthesizes it there. */
  public synthesizeExample(name: string): Ran {
    cpSync(join(PROJECT, 'examples', name), join(this.path, name), { recursive: true, filter: (file) => !file.endsWith('cdk.out') });
    return this.try(QUIET, 'bash', '-c', `cd ${name} && npx cdk synth --quiet`);
  }

  public command(...args: string[]): Ran {
    return this.try(QUIET, 'npx', 'secure-bucket', ...args);
  }
}
