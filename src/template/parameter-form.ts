import { declared, isListType, ParameterDeclaration } from './parameter-declaration';
import { own } from '../own';
import { jsonText } from '../policy/json';
import { TextLanguage } from '../policy/text-language';
import { UnknownForm, UnknownKind } from '../policy/unknown-text';

/** Texts that are worth being carried along with each value. */
const LONGEST = 4_000;

/**
 * What a template says of the values that a parameter may have: of the elements, where it is a list. What is read from the parameter store when the
 * stack is deployed may be anything: what is declared is about the name of it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function formOfParameter(declaration: unknown): UnknownForm | undefined {
  const { Type, AllowedPattern, AllowedValues, ...lengths } = declared(declaration);
  const type = jsonText(Type);
  if (type.startsWith('AWS::SSM::')) {
    return undefined;
  }
  const isList = isListType(type);
  const pattern = typeof AllowedPattern === 'string' ? AllowedPattern : own(PATTERNS, type.replace(/^List<(.*)>$/, '$1'));
  const values = Array.isArray(AllowedValues) && AllowedValues.length > 0 ? AllowedValues.map(jsonText) : undefined;
  const length = isList ? undefined : lengthOf(lengths);
  const kind = kindOf({ pattern, values, length }, isList);
  const form = { ...(kind ? { kind } : {}), ...(pattern === undefined ? {} : { pattern }), ...(values ? { values } : {}), ...(length ? { length } : {}) };
  return Object.keys(form).length === 0 ? undefined : JSON.stringify(form).length <= LONGEST ? form : { kind };
}

/**
 * Types whose values CloudFormation looks for in the account, or reads as numbers. Names of key pairs and of security groups may have any character.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
const PATTERNS: Readonly<Record<string, string>> = {
  'Number': '[-+0-9.eE]+',
  'AWS::EC2::AvailabilityZone::Name': '[a-z0-9-]+',
  'AWS::EC2::Image::Id': 'ami-[0-9a-f]+',
  'AWS::EC2::Instance::Id': 'i-[0-9a-f]+',
  'AWS::EC2::SecurityGroup::Id': 'sg-[0-9a-f]+',
  'AWS::EC2::Subnet::Id': 'subnet-[0-9a-f]+',
  'AWS::EC2::VPC::Id': 'vpc-[0-9a-f]+',
  'AWS::EC2::Volume::Id': 'vol-[0-9a-f]+',
  'AWS::Route53::HostedZone::Id': '[A-Z0-9]+',
};

function lengthOf({ MinLength, MaxLength }: ParameterDeclaration): UnknownForm['length'] {
  const least = countOf(MinLength) ?? 0;
  const most = countOf(MaxLength);
  return least > 0 || most !== undefined ? { least, ...(most === undefined ? {} : { most }) } : undefined;
}

function countOf(value: unknown): number | undefined {
  return /^\d{1,6}$/.test(jsonText(value)) ? Number(value) : undefined;
}

const ACCOUNT = 12; // digits

function kindOf({ pattern, values, length }: UnknownForm, isList: boolean): UnknownKind | undefined {
  const language = pattern === undefined ? undefined : TextLanguage.ofPattern(pattern);
  const digits = language?.isOfDigits(ACCOUNT);
  const isAccount = values?.every((value) => /^\d{12}$/.test(value)) || digits?.all || (digits?.those && length?.least === ACCOUNT && length.most === ACCOUNT);
  if (isAccount && !isList) {
    return 'account';
  }
  return values?.every((value) => !/[*?]/.test(value)) || (language && !language.mayContain('*?')) ? 'without-wildcards' : undefined;
}
