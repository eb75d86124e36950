import { linkedSignal, untilAborted } from './abort';

describe('linkedSignal', () => {
  it('follows any of its sources, with its reason', () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const { signal } = linkedSignal([one.signal, two.signal]);
    two.abort(new Error('two'));
    expect(signal.reason).toEqual(new Error('two'));
  });

  it('is aborted from the start by an aborted source', () => {
    expect(linkedSignal([AbortSignal.abort()]).signal.aborted).toBe(true);
  });

  it('fires its timeout, though nobody else holds it', async () => {
    const { signal } = linkedSignal([], { milliseconds: 5, reason: new Error('late') });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(signal.reason).toEqual(new Error('late'));
  });

  it('lets go of its sources and of its timeout', async () => {
    const source = new AbortController();
    const { signal, release } = linkedSignal([source.signal], { milliseconds: 5, reason: new Error('late') });
    release();
    source.abort();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(signal.aborted).toBe(false);
  });
});

describe('untilAborted', () => {
  it('passes the result and the failure on', async () => {
    const { signal } = new AbortController();
    await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(untilAborted(Promise.reject(new Error('x')), signal)).rejects.toThrow('x');
  });

  it('does not wait for what does not listen', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(new Promise(() => undefined), controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });

  it('leaves no rejection unhandled when work fails after an abort', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    await expect(
      untilAborted(Promise.reject(new Error('late')), AbortSignal.abort(new Error('stop'))),
    ).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});
