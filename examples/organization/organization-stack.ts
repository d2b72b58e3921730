import { Stack, StackProps } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  AccountPublicAccessBlock, ControlledService, GuardrailProtectionPolicy, OrganizationPublicAccessBlock, PolicyTarget, RequireEncryption, RequireTls, ResourceControlPolicy,
  RestrictToNetwork, RestrictToOrganization,
} from 'cdk-secure-bucket';

export interface OrganizationStackProps extends StackProps {
  readonly organizationId: string;
  readonly rootId: string;
}

/** What holds for every bucket of the organization, those that nobody has made yet too. It is deployed from the management account. */
export class OrganizationStack extends Stack {
  constructor(scope: Construct, id: string, { organizationId, rootId, ...props }: OrganizationStackProps) {
    super(scope, id, props);
    const targets = [PolicyTarget.root(rootId)];

    new AccountPublicAccessBlock(this, 'OwnAccount'); // policies of the organization do not bind the management account
    new OrganizationPublicAccessBlock(this, 'PublicAccess', { targets });
    new ResourceControlPolicy(this, 'Perimeter', {
      targets,
      guardrails: [
        new RequireTls(),
        new RequireEncryption(),
        new RestrictToOrganization({ organizationIds: [organizationId] }),
        new RestrictToNetwork({ vpcEndpointOrganizationIds: [organizationId] }),
      ],
      services: [ControlledService.S3, ControlledService.KMS],
      onlyPrincipalsTagged: { key: 'perimeter', value: 'network' }, // the network, to begin with
      exemptRoleNames: ['cdk-*-cfn-exec-role-*'],
    });
    new GuardrailProtectionPolicy(this, 'Protection', { targets, administratorRoleNames: ['SecurityAdministrator'] });
  }
}
