import { existsSync, readFileSync, realpathSync } from 'fs';
import { dirname, isAbsolute, join, resolve } from 'path';
import { Configuration, NO_CONFIGURATION, withNearer } from './configuration';
import { assertConfiguration, ConfigurationJson, configurationIn } from './configuration-form';
import type { PositionedDocument } from './yaml-text';
import { ASSUMPTIONS, AssumptionsJson } from '../../access/assumptions-format';
import { WrongFormat } from '../../template/form';
import { positionText } from '../../template/mistake';
import { shallow } from '../../template/read-json';
import { WrongInputError } from '../../template/wrong-input';

/**
 * Reads a configuration file in YAML or JSON, and the files that it extends.
 *
 * @throws WrongInputError if one of them cannot be read or is no configuration; the message says which, with line and column
 */
export function readConfiguration(file: string): Configuration {
  return configurationFrom(file, file, []);
}

/**
 * @param from who names the file: the file itself, or a place in another one
 * @param above the absolute paths of the files that extend it, the nearest first
 */
function configurationFrom(file: string, from: string, above: readonly string[]): Configuration {
  const real = realPath(file);
  const document = documentIn(file, from);
  const json = inPlace(document, file, assertConfiguration);
  const farther = listOf(json.extends).map((extended, i): Configuration => {
    const path = besides(file, extended);
    const place = `${file} ${positionText(document.positionOf(Array.isArray(json.extends) ? ['extends', i] : ['extends']))}`;
    if ([real, ...above].includes(realPath(path))) {
      throw new WrongInputError(`${place}: '${extended}' extends this file again. Take one of the two out of 'extends'.`);
    }
    return configurationFrom(path, place, [real, ...above]);
  });
  const own = configurationIn(json, {
    file,
    folder: dirname(real),
    assumptions: assumptionsIn(json, file, document),
    placeOf: (path) => `${file} ${positionText(document.positionOf(path))}`,
  });
  return [...farther, own].reduce(withNearer, NO_CONFIGURATION);
}

/** A path that a file names: relative to that file. */
function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** The absolute path: links lead in circles, too. */
function realPath(file: string): string {
  return existsSync(file) ? realpathSync(file) : resolve(file);
}

function listOf(files: ConfigurationJson['extends']): readonly string[] {
  return files === undefined ? [] : [files].flat();
}

/** Assumptions in place, or in a file of their own. */
function assumptionsIn({ assumptions = {} }: ConfigurationJson, file: string, document: PositionedDocument): AssumptionsJson {
  if (typeof assumptions !== 'string') {
    return assumptions;
  }
  const path = besides(file, assumptions);
  const given = documentIn(path, `${file} ${positionText(document.positionOf(['assumptions']))}`);
  return inPlace(given, path, (value) => {
    ASSUMPTIONS(value, []);
    return value as AssumptionsJson;
  });
}

function documentIn(file: string, from: string): PositionedDocument {
  const { readYaml } = require('./yaml-text') as typeof import('./yaml-text'); // eslint-disable-line @typescript-eslint/no-require-imports -- most runs need no parser
  const read = readYaml(textOf(file, from));
  if ('problem' in read) {
    throw new WrongInputError(`${file} ${positionText(read)}: ${read.problem}.`);
  }
  return { ...read, value: shallow(read.value, file) };
}

function textOf(file: string, from: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new WrongInputError(from === file ? `${file} cannot be read: ${why}.` : `${from}: ${file} cannot be read: ${why}.`);
  }
}

function inPlace<T>({ value, positionOf }: PositionedDocument, file: string, check: (value: unknown) => T): T {
  try {
    return check(value);
  } catch (error) {
    throw error instanceof WrongFormat ? new WrongInputError(`${file} ${positionText(positionOf(error.path))}: ${error.sentence}`) : error;
  }
}
