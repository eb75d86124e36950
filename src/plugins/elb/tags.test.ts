import type { DiscoverContext } from '../contract';
import { tagsById } from './tags';

const names = (count: number) => Array.from({ length: count }, (_, index) => `web-${index}`);

/** DescribeTags of an account in which the load balancers of `gone` no longer exist. */
function describeTags(gone: string[] = []) {
  return jest.fn(async (ids: string[]) => {
    if (ids.some((id) => gone.includes(id))) {
      throw Object.assign(new Error('gone'), { name: 'LoadBalancerNotFoundException' });
    }
    return ids.map((id): [string, { Tags: { Key: string; Value?: string }[] }] => [
      id,
      { Tags: [{ Key: 'Name', Value: id }, { Key: 'empty' }] },
    ]);
  });
}

/** Remembers nothing. */
const forgetful: Pick<DiscoverContext, 'remember'> = {
  remember: async (_, ids, __, load) => new Map(await load([...ids])),
};

describe('tagsById', () => {
  it('asks for 20 at a time', async () => {
    const describe = describeTags();
    const tags = await tagsById(forgetful, 'tags', names(45), describe);
    expect(describe.mock.calls.map(([ids]) => ids.length)).toEqual([20, 20, 5]);
    expect([...tags.keys()]).toEqual(names(45));
    expect(tags.get('web-44')).toEqual({ Name: 'web-44', empty: '' });
  });

  it('asks nothing for nothing', async () => {
    const describe = describeTags();
    expect((await tagsById(forgetful, 'tags', [], describe)).size).toBe(0);
    expect(describe).not.toHaveBeenCalled();
  });

  it('leaves out what was deleted meanwhile, and it alone', async () => {
    const tags = await tagsById(forgetful, 'tags', names(25), describeTags(['web-3', 'web-24']));
    expect([...tags.keys()].sort()).toEqual(
      names(25)
        .filter((name) => name !== 'web-3' && name !== 'web-24')
        .sort(),
    );
  });

  it('gives no tags to a load balancer that the answer leaves out', async () => {
    expect(await tagsById(forgetful, 'tags', ['web'], async () => [])).toEqual(new Map([['web', {}]]));
  });

  it('remembers them for a quarter of an hour', async () => {
    const remember = jest.fn(forgetful.remember) as unknown as typeof forgetful.remember;
    await tagsById({ remember }, 'tags', ['web'], describeTags());
    expect(remember).toHaveBeenCalledWith('tags', ['web'], 900, expect.any(Function));
  });

  it('passes other errors on', async () => {
    const denied = Object.assign(new Error('denied'), { name: 'AccessDenied' });
    await expect(tagsById(forgetful, 'tags', ['web'], () => Promise.reject(denied))).rejects.toBe(denied);
  });
});
