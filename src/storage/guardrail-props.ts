import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keyBehindAlias } from './encryption-key';
import { unusableAdministrators } from '../guardrails/administrators';
import { Guardrail } from '../guardrails/guardrail';
import { LimitPresignedUrlAge, unusablePresignedUrlAge } from '../guardrails/limit-presigned-url-age';
import { EncryptionEnforcement, RequireEncryption, unusableEnforcement } from '../guardrails/require-encryption';
import { RequireTls } from '../guardrails/require-tls';
import { NetworkPerimeter, networkLockout, RestrictToNetwork, unusableNetworkPerimeter } from '../guardrails/restrict-to-network';
import { OrganizationPerimeter, RestrictToOrganization, unusableOrganizationPerimeter } from '../guardrails/restrict-to-organization';
import { Refusal, underProp } from '../refusal';

/** The props of a bucket that ask for guardrails. */
interface GuardedProps extends s3.BucketProps {
  readonly encryptionEnforcement?: EncryptionEnforcement;
  readonly network?: NetworkPerimeter;
  readonly organization?: OrganizationPerimeter;
  readonly administrators?: iam.IPrincipal[];
  readonly presignedUrlMaxAge?: Duration;
}

/** The guardrails that props ask for. */
export function guardrailsFor(props: GuardedProps): Guardrail[] {
  return [
    new RequireTls({ minimumTLSVersion: props.minimumTLSVersion }),
    new RequireEncryption({ enforcement: props.encryptionEnforcement, encryptionKey: keyBehindAlias(props.encryptionKey) }),
    ...(props.network ? [new RestrictToNetwork({ ...props.network, administrators: props.administrators })] : []),
    ...(props.organization ? [new RestrictToOrganization(props.organization)] : []),
    ...(props.presignedUrlMaxAge ? [new LimitPresignedUrlAge({ maxAge: props.presignedUrlMaxAge })] : []),
  ];
}

/** What is wrong with what props ask of guardrails, by prop. */
export function guardrailProblems(scope: Construct, { encryptionEnforcement, network, organization, administrators, presignedUrlMaxAge }: GuardedProps): Refusal[] {
  const stack = scope.node.scopes.filter(Stack.isStack).at(-1);
  const badAdministrators = unusableAdministrators(administrators);
  const lockout = network && stack && badAdministrators.length === 0 ? networkLockout(stack, administrators) : undefined;
  return [
    ...underProp('encryptionEnforcement', unusableEnforcement(encryptionEnforcement)),
    ...underProp('network', [...(network !== undefined ? unusableNetworkPerimeter(network) : []), ...(lockout ? [{ name: 'NetworkLockout', ...lockout }] : [])]),
    ...underProp('administrators', badAdministrators),
    ...underProp('organization', organization !== undefined ? unusableOrganizationPerimeter(organization) : []),
    ...underProp('presignedUrlMaxAge', presignedUrlMaxAge !== undefined ? unusablePresignedUrlAge(presignedUrlMaxAge) : []),
  ];
}
