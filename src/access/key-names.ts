import { grouped } from '../policy/grouped';
import { isUnknown } from '../policy/unknown-text';
import { DeployedResource, Deployment } from '../template/deployment';
import { keysOf } from '../template/keys';
import { located, Place } from '../template/place';

/** The keys of a deployment by the names that they have: ids, ARNs and aliases. */
export class KeyNames {
  private readonly byName: ReadonlyMap<string, DeployedResource>;
  private readonly aliases: ReadonlyMap<unknown, readonly { readonly key: DeployedResource }[]>;

  constructor(deployment: Deployment) {
    this.byName = new Map(keysOf(deployment).flatMap((key): [string, DeployedResource][] => [[key.reference('Arn')!, key], [key.reference('Ref')!, key]]));
    const aliases = deployment.ofType('AWS::KMS::Alias').map((alias) => ({ name: alias.property('AliasName') as unknown, key: this.byName.get(alias.property('TargetKeyId')) }));
    this.aliases = grouped(aliases.flatMap(({ name, key }) => (key ? [{ name, key }] : [])), ({ name }) => name);
  }

  /**
   * The key behind an id, an ARN or an alias. A key id is that of one Region, but for keys of several Regions. Every account has its own aliases in each Region.
   *
   * @param place where an alias is looked up that does not say its account and Region
   */
  public find(id: string, place: Place): DeployedResource | undefined {
    const [, region = '', account = '', name = ''] = /^arn:[^:]*:kms:([^:]*):([^:]*):(?:key\/)?(.*)$/s.exec(id) ?? [];
    const exact = this.byName.get(id) ?? this.behindAlias(id, place) ?? this.behindAlias(name, { account, region });
    const behindId = this.byName.get(name);
    const isElsewhere = [region, behindId?.stack.region ?? ''].every((one) => !isUnknown(one)) && region !== behindId?.stack.region && !name.startsWith('mrk-');
    return exact ?? (isElsewhere ? undefined : behindId);
  }

  private behindAlias(alias: string, place: Place): DeployedResource | undefined {
    const named = this.aliases.get(alias) ?? [];
    const { there } = located(named, ({ key }) => key.stack, place);
    return there.length === 1 ? there[0].key : undefined;
  }
}
