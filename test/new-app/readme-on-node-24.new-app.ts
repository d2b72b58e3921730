import { followReadme } from './readme';

describe('README, followed on Node 24', () => followReadme(24));
