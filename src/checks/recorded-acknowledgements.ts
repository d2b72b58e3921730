import { existsSync } from 'fs';
import { join } from 'path';
import { RecordedAcknowledgements } from './acknowledgements';
import { isObject } from '../access/deployment';
import { readJson } from '../access/read-json';

const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules'; // Validations.ACKNOWLEDGED_RULES_METADATA_KEY
const DEEPEST = 20; // stages within stages

/** What was acknowledged in the app of a cloud assembly, its stages included. The CDK records what was acknowledged on stacks and below. */
export function recordedAcknowledgements(directory: string): RecordedAcknowledgements {
  return new Map(entriesIn(directory, 0).map(([path, entries]) => [path.replace(/^\//, ''), merged(entries)]));
}

function entriesIn(directory: string, depth: number): [path: string, entries: unknown][] {
  const manifest = join(directory, 'manifest.json');
  const content: unknown = depth <= DEEPEST && existsSync(manifest) ? readJson(manifest) : undefined;
  const artifacts = isObject(content) && isObject(content.artifacts) ? Object.values(content.artifacts).filter(isObject) : [];
  return artifacts.flatMap(({ type, properties, metadata, additionalMetadataFile }) => [
    ...(isObject(metadata) ? Object.entries(metadata) : []),
    ...(typeof additionalMetadataFile === 'string' ? metadataIn(directory, additionalMetadataFile) : []),
    ...(type === 'cdk:cloud-assembly' && isName(properties?.directoryName) ? entriesIn(join(directory, properties.directoryName), depth + 1) : []),
  ]);
}

function metadataIn(directory: string, file: string): [string, unknown][] {
  const path = join(directory, file);
  const metadata: unknown = isName(file) && existsSync(path) ? readJson(path) : undefined;
  return isObject(metadata) ? Object.entries(metadata) : [];
}

/** Names of files in the assembly itself: what lies elsewhere is none of ours. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && !/[/\\]|^\.\.$/.test(value);
}

function merged(entries: unknown): Record<string, unknown> {
  const acknowledged = (Array.isArray(entries) ? entries : []).filter((entry) => isObject(entry) && entry.type === ACKNOWLEDGED && isObject(entry.data));
  return Object.fromEntries(acknowledged.flatMap(({ data }) => Object.entries(data)));
}
