import { Annotations, Arn, ArnFormat, CfnOutput, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as accessanalyzer from 'aws-cdk-lib/aws-accessanalyzer';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { archiveRules, IntendedAccess, MOST_RULES } from './archive-rules';
import { AuditAnalyzer } from './audit-analyzer';
import { deployedResource, displaced, REMOVE_CHANGE } from '../../guardrails/deployed-resource';
import { canonical } from '../../guardrails/template-values';
import { BUCKET, having, listOf, notEmpty, refuseWrongProps, required } from '../../prop-types';
import { Refusal, refuseAll, sentenceOf } from '../../refusal';
import { CrossAccountGrant } from '../../sharing/cross-account-grant';
import { fingerprint } from '../../sharing/values';
import { keyBehindAlias } from '../../storage/encryption-key';
import { warn, warningId } from '../../warning';
import { Coverage, Observer, uncovered, undecidedCoverage } from '../coverage';

/** By which analyzers access to buckets is analyzed. */
export interface AccessAnalysisOptions {
  /**
   * Who from outside the account, or the organization, has access to the buckets and their keys. What `CrossAccountGrant` and access points of the app share on
   * purpose is archived, so that what is left is news.
   *
   * @default - not analyzed
   */
  readonly externalAccess?: AuditAnalyzer;

  /**
   * Which roles and users of the account have access to the buckets. Charged for each bucket.
   *
   * @default - not analyzed
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
   */
  readonly internalAccess?: AuditAnalyzer;
}

/** Properties of `BucketAccessAnalysis`. */
export interface BucketAccessAnalysisProps extends AccessAnalysisOptions {
  /** The buckets that are analyzed. They are of the Region of the analyzers. */
  readonly buckets: s3.IBucket[];
}

const ANALYZER = having('an AuditAnalyzer', '_source');
const PROPS = { buckets: required(notEmpty(listOf('buckets', BUCKET))), externalAccess: ANALYZER, internalAccess: ANALYZER };

const OBSERVER: Observer = {
  who: 'the analyzer',
  does: 'analyzes',
  otherAccount: 'Make a BucketAccessAnalysis in the account of the bucket, or pass the analyzer of the organization.',
  otherRegion: 'Make a BucketAccessAnalysis in a stack of the Region of the bucket.',
};

/** The types of analyzers, in an account and in an organization. */
const TYPES = { external: ['ACCOUNT', 'ORGANIZATION'], internal: ['ACCOUNT_INTERNAL_ACCESS', 'ORGANIZATION_INTERNAL_ACCESS'] };

type Kind = keyof typeof TYPES;
type CfnAnalyzer = accessanalyzer.CfnAnalyzer;

/**
 * Has IAM Access Analyzer tell who has access to buckets, and archives what is shared on purpose.
 *
 * An archive rule names a bucket or a key, and whom a share of the app names for it. It cannot name actions: what such a consumer is allowed beyond its share is archived, too.
 * Findings that are there before a rule are not archived by it.
 *
 * ```ts
 * new BucketAccessAnalysis(this, 'Access', { buckets: [orders], externalAccess: AuditAnalyzer.create() });
 * ```
 */
export class BucketAccessAnalysis extends Construct {
  /** The ARN of the analyzer of external access; undefined if that is not analyzed. */
  public readonly externalAnalyzerArn?: string;

  /** The ARN of the analyzer of internal access; undefined if that is not analyzed. */
  public readonly internalAnalyzerArn?: string;

  private readonly buckets: readonly s3.IBucket[];

  /** @throws ValidationError if nothing is analyzed, or an analyzer is of another type, or could not analyze one of the buckets */
  constructor(scope: Construct, id: string, props: BucketAccessAnalysisProps) {
    refuseWrongProps(scope, id, props, PROPS);
    super(scope, id);
    this.buckets = [...new Set(props.buckets)];
    const { externalAccess, internalAccess } = props;
    refuseAll(this, 'NothingAnalyzed', externalAccess || internalAccess ? [] : [{
      problem: "neither 'externalAccess' nor 'internalAccess' is analyzed.", remedy: 'Pass an AuditAnalyzer for one of them at least.',
    }]);
    this.externalAnalyzerArn = externalAccess && this.analyze('external', externalAccess);
    this.internalAnalyzerArn = internalAccess && this.analyze('internal', internalAccess);
  }

  /** Makes or finds the analyzer, and sees to it that it knows the buckets. Returns its ARN. */
  private analyze(kind: Kind, { _source: source }: AuditAnalyzer): string {
    if (source.kind === 'elsewhere') {
      this.refuseUncovered(this.coverageOfArn(source.analyzerArn));
      this.handOver(kind, source.analyzerArn);
      return source.analyzerArn;
    }
    const analyzer = source.kind === 'ofApp' ? source.analyzer : analyzerOf(Stack.of(this), kind);
    refuseAll(this, 'OtherAnalyzer', otherType(analyzer, kind));
    const { account, region } = Stack.of(analyzer);
    this.refuseUncovered({ account, region, isMultiRegion: false, isOfOrganization: Token.isUnresolved(analyzer.type) ? undefined : analyzer.type === TYPES[kind][1] });
    this.teach(kind, analyzer);
    return analyzer.attrArn;
  }

  private teach(kind: Kind, analyzer: CfnAnalyzer): void {
    if (kind === 'internal') {
      includeBuckets(this, analyzer, this.buckets);
      this.watch(analyzer, () => [this.inclusion()], ({ AnalyzerConfiguration }) => AnalyzerConfiguration?.InternalAccessConfiguration?.InternalAccessAnalysisRule?.Inclusions);
      return;
    }
    const present = analyzer.archiveRules ?? [];
    analyzer.archiveRules = Lazy.any({ produce: () => [...(Array.isArray(present) ? present : [present]), ...this.archiveRules()].flat() }, { omitEmptyArray: true });
    this.watch(analyzer, () => this.archiveRules().map(ruleInTemplate), ({ ArchiveRules }) => ArchiveRules);
  }

  /** Fails synthesis if the analyzer is taken away, or no longer knows what it was told. */
  private watch(analyzer: CfnAnalyzer, expected: () => object[], read: (properties: Record<string, any>) => unknown): void {
    this.node.addValidation({
      validate: () => {
        const deployed = deployedResource(analyzer);
        const gone = displaced(analyzer, accessanalyzer.CfnAnalyzer.CFN_RESOURCE_TYPE_NAME, deployed);
        const written = gone ? [] : read(deployed.Properties) ?? [];
        const kept = new Set((Array.isArray(written) ? written : []).map(canonical));
        const lost = (Stack.of(analyzer).resolve(expected()) as object[]).filter((rule) => !kept.has(canonical(rule)));
        const path = analyzer.node.path;
        const problems: Refusal[] = gone ? [gone] : [
          ...(lost.length === 0 ? [] : [{ problem: `the analyzer '${path}' does not know the buckets, or what is shared on purpose, in the synthesized template.`, remedy: REMOVE_CHANGE }]),
          ...(kept.size <= MOST_RULES ? [] : [{
            problem: `the analyzer '${path}' has ${kept.size} archive rules, and Access Analyzer accepts ${MOST_RULES} by default.`,
            remedy: 'Share with whole accounts, or through fewer buckets, or analyze fewer buckets.',
          }]),
          ...severalOf(analyzer),
        ];
        return problems.map((problem) => sentenceOf(this.node.path, problem));
      },
    });
  }

  private archiveRules(): accessanalyzer.CfnAnalyzer.ArchiveRuleProperty[] {
    return archiveRules(this.intended(), (path, place) => `Shared-${fingerprint([this.node.path, path])}-${place + 1}`);
  }

  /** What the app shares of the buckets, and of their keys. */
  private intended(): IntendedAccess[] {
    const keys = this.buckets.flatMap(({ encryptionKey: key }) => [...(key ? [key] : []), ...(keyBehindAlias(key) ? [keyBehindAlias(key)!] : [])]);
    const grants = this.node.root.node.findAll().filter((construct): construct is CrossAccountGrant => construct instanceof CrossAccountGrant);
    return grants.flatMap(({ _shares: shares }) => shares).flatMap(({ of, member }) => {
      const bucket = this.buckets.find((one) => one === of);
      const key = keys.find((one) => one === of);
      return bucket || key ? [{ resourceArn: bucket?.bucketArn ?? key!.keyArn, path: of.node.path, member }] : [];
    });
  }

  private inclusion(): object {
    return { ResourceArns: this.buckets.map(({ bucketArn }) => bucketArn) };
  }

  private handOver(kind: Kind, analyzerArn: string): void {
    const what = kind === 'external' ? 'ArchiveRules' : 'Inclusions';
    const id = `${what}ToAdd`;
    const added = Lazy.any({ produce: () => (kind === 'external' ? this.archiveRules().map(ruleInTemplate) : [this.inclusion()]) });
    new CfnOutput(this, id, { value: Stack.of(this).toJsonString(added), description: `To be added to ${analyzerArn}` });
    const reason = kind === 'external' ? 'Until then, findings about what the app shares on purpose stay active' : 'Until then, it does not analyze the buckets, unless it analyzes all';
    warn(this, `handedOver${what}`, `${analyzerArn} is not of this app. Add what the output '${this.node.path}/${id}' says to it. ${reason}.`);
  }

  private coverageOfArn(analyzerArn: string): Coverage {
    const isKnown = !Token.isUnresolved(analyzerArn);
    refuseAll(this, 'NotAnAnalyzer', !isKnown || /^arn:[a-z-]+:access-analyzer:[a-z0-9-]+:\d{12}:analyzer\/[A-Za-z][A-Za-z0-9_.-]*$/.test(analyzerArn) ? [] : [{
      problem: `'${analyzerArn}' is not the ARN of an analyzer.`, remedy: 'Pass arn:aws:access-analyzer:REGION:ACCOUNT:analyzer/NAME.',
    }]);
    const { account, region } = Arn.split(analyzerArn, ArnFormat.SLASH_RESOURCE_NAME);
    return { account: account!, region: region!, isMultiRegion: false };
  }

  private refuseUncovered(coverage: Coverage): void {
    refuseAll(this, 'NotAnalyzed', uncovered(this.buckets, coverage, OBSERVER));
    undecidedCoverage(this.buckets, coverage, OBSERVER).forEach((text) => warn(this, 'analyzerCoverageNotDecided', text));
  }
}

const IDS = { external: 'CdkSecureBucketExternalAccessAnalyzer', internal: 'CdkSecureBucketInternalAccessAnalyzer' };

function isMadeHere({ node }: CfnAnalyzer): boolean {
  return Object.values(IDS).includes(node.id);
}

/** The analyzer that all analyses of a stack share. */
function analyzerOf(stack: Stack, kind: Kind): CfnAnalyzer {
  const id = IDS[kind];
  const made = stack.node.tryFindChild(id) as CfnAnalyzer | undefined;
  if (made) {
    return made;
  }
  const analyzer = new accessanalyzer.CfnAnalyzer(stack, id, { type: TYPES[kind][0] });
  analyzer.applyRemovalPolicy(RemovalPolicy.RETAIN);
  Annotations.of(analyzer).addInfoV2(warningId('retainedAnalyzer'), `'${analyzer.node.path}' stays when its stack is deleted: an account has room for one analyzer of a type in each Region, and others may rely on it. To deploy the stack again, pass it with AuditAnalyzer.fromAnalyzerArn.`);
  return analyzer;
}

/** Adds buckets to what an analyzer includes. One that includes nothing yet is that of a stack here, or analyzes what is not known. */
function includeBuckets(scope: IConstruct, analyzer: CfnAnalyzer, buckets: readonly s3.IBucket[]): void {
  const { internalAccessConfiguration: internal } = (analyzer.analyzerConfiguration ?? {}) as accessanalyzer.CfnAnalyzer.AnalyzerConfigurationProperty;
  const { internalAccessAnalysisRule: rule } = (internal ?? {}) as accessanalyzer.CfnAnalyzer.InternalAccessConfigurationProperty;
  const { inclusions } = (rule ?? {}) as accessanalyzer.CfnAnalyzer.InternalAccessAnalysisRuleProperty;
  const resourceArns = buckets.map(({ bucketArn }) => bucketArn);
  refuseAll(scope, 'InclusionsNotExtensible', Array.isArray(inclusions) || isMadeHere(analyzer) ? [] : [{
    problem: `the inclusions of the analyzer '${analyzer.node.path}' are not written in the app as a list, and cannot be extended.`,
    remedy: `Write them, with: ${JSON.stringify(Stack.of(scope).resolve({ resourceArns }))}`,
  }]);
  const together = [...(inclusions as object[] | undefined ?? []), { resourceArns }];
  analyzer.analyzerConfiguration = { internalAccessConfiguration: { internalAccessAnalysisRule: { inclusions: together } } };
}

function otherType({ type, node }: CfnAnalyzer, kind: Kind): Refusal[] {
  return Token.isUnresolved(type) || TYPES[kind].includes(type) ? [] : [{
    problem: `the analyzer '${node.path}' is of the type ${type}, which finds no ${kind} access.`, remedy: `Pass one of the type ${TYPES[kind].join(' or ')}.`,
  }];
}

/** An account has room for one of a type in each Region; an organization for several of most types. */
function severalOf(analyzer: CfnAnalyzer): Refusal[] {
  const { account, region } = Stack.of(analyzer);
  const isAlike = (other: IConstruct): other is CfnAnalyzer => accessanalyzer.CfnAnalyzer.isCfnAnalyzer(other) && other.type === analyzer.type
    && Stack.of(other).account === account && Stack.of(other).region === region;
  const others = analyzer.node.root.node.findAll().filter(isAlike).filter((other) => other !== analyzer);
  return analyzer.type.startsWith('ORGANIZATION') || others.length === 0 ? [] : [{
    problem: `the analyzers ${[analyzer, ...others].map(({ node }) => `'${node.path}'`).join(', ')} are of one type, account and Region, and there is room for one.`,
    remedy: 'Make one, and pass it with AuditAnalyzer.fromCfnAnalyzer.',
  }];
}

function ruleInTemplate({ ruleName, filter }: accessanalyzer.CfnAnalyzer.ArchiveRuleProperty): object {
  return { RuleName: ruleName, Filter: (filter as accessanalyzer.CfnAnalyzer.FilterProperty[]).map(({ property, eq }) => ({ Property: property, Eq: eq })) };
}
