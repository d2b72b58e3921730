import { DeployedResource } from '../../template/deployment';
import { isOn, setting, UNKNOWN } from '../../template/settings';
import { Finding, found, notDecided, Rule } from '../finding';
import { fixedBy } from '../fix';

/** CloudFormation leaves the validation off where a trail does not say it: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html */
export const trailValidation: Rule = {
  id: 'TrailValidation',
  requirement: 'Trails have log file validation.',
  reason: 'Without digest files, nobody can prove that no log file was changed or deleted after CloudTrail delivered it.',
  severity: 'medium',
  severityReason: 'The layer is missing that shows whether records were tampered with.',
  level: 'audit',
  guide: '9',
  see: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html',
  judgeDeployment: ({ deployment }) => deployment.ofType('AWS::CloudTrail::Trail').flatMap(judge),
};

function judge(trail: DeployedResource): Finding[] {
  const validation = setting(trail, 'EnableLogFileValidation');
  if (validation === UNKNOWN) {
    return [notDecided(trail, 'Whether log files are validated is not known before deployment.')];
  }
  return isOn(validation) ? [] : fixedBy(
    [found(trail, 'Log file validation is off.', "Set 'EnableLogFileValidation' to true.")],
    { cdk: 'enableFileValidation: true', cloudFormation: 'EnableLogFileValidation: true' },
  );
}
