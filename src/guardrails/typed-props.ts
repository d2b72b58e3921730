import { GuardrailProps, UnenforceableBehavior } from './unenforceable-behavior';
import { oneOf, PropTypes, wrongProps } from '../prop-types';
import { refuseAllUnscoped } from '../refusal';

const OF_EVERY_GUARDRAIL: PropTypes = { unenforceableBehavior: oneOf(UnenforceableBehavior) };

/** The properties of a guardrail. Throws one error for all whose values are of another type. */
export function typed<Props extends GuardrailProps>(guardrail: string, props: Props, types: PropTypes): Props {
  refuseAllUnscoped('WrongType', guardrail, wrongProps(props, { ...OF_EVERY_GUARDRAIL, ...types }));
  return props;
}
