import { followReadme } from './readme';

describe('README, followed on Node 20', () => followReadme(20));
