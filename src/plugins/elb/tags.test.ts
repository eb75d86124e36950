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

describe('tagsById', () => {
  it('asks for 20 at a time', async () => {
    const describe = describeTags();
    const tags = await tagsById(names(45), describe);
    expect(describe.mock.calls.map(([ids]) => ids.length)).toEqual([20, 20, 5]);
    expect([...tags.keys()]).toEqual(names(45));
    expect(tags.get('web-44')).toEqual({ Name: 'web-44', empty: '' });
  });

  it('asks nothing for nothing', async () => {
    const describe = describeTags();
    expect((await tagsById([], describe)).size).toBe(0);
    expect(describe).not.toHaveBeenCalled();
  });

  it('leaves out what was deleted meanwhile, and it alone', async () => {
    const tags = await tagsById(names(25), describeTags(['web-3', 'web-24']));
    expect([...tags.keys()].sort()).toEqual(
      names(25)
        .filter((name) => name !== 'web-3' && name !== 'web-24')
        .sort(),
    );
  });

  it('gives no tags to a load balancer that the answer leaves out', async () => {
    expect(await tagsById(['web'], async () => [])).toEqual(new Map([['web', {}]]));
  });

  it('passes other errors on', async () => {
    const denied = Object.assign(new Error('denied'), { name: 'AccessDenied' });
    await expect(tagsById(['web'], () => Promise.reject(denied))).rejects.toBe(denied);
  });
});
