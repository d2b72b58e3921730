import { contextOf } from '../policy/context';
import { Statement } from '../policy/document';
import { PolicyRequest } from '../policy/request';
import { UNDETERMINED } from '../policy/unknown-text';

/** In no request by which a service delivers: it comes from no network of anybody's, belongs to no organization, and leaves the encryption to the bucket. */
const ABSENT = /^(?:s3:x-amz-server-side-encryption.*|aws:sourcevpce?|aws:sourcevpcarn|aws:vpcsourceip|aws:vpce.*|aws:principalorgid|aws:principalorgpaths|aws:username)$/;

/**
 * An upload of a service as a statement sees it. What is not known of it may be anything.
 *
 * @param object the ARN of the object
 * @param known what is known of it beside the service; undefined says that it does not carry the key
 */
export function serviceUpload(service: string, object: string, known: Readonly<Record<string, string | undefined>>, { conditions }: Statement): PolicyRequest {
  const keys = conditions.map(({ key }) => key).filter((key) => !ABSENT.test(key));
  return {
    principal: { kind: 'service', service },
    action: 's3:PutObject',
    resource: object,
    context: contextOf({
      ...Object.fromEntries(keys.map((key) => [key, UNDETERMINED])),
      'aws:securetransport': 'true',
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': service,
      'aws:viaawsservice': 'false',
      ...known,
    }),
  };
}
