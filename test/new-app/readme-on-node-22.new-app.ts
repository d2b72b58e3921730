import { followReadme } from './readme';

describe('README, followed on Node 22', () => followReadme(22));
