import { ReplayedPoints } from './replayed-points';

describe('replayed points', () => {
  function replayed(): ReplayedPoints {
    const points = new ReplayedPoints();
    points.add(1, 10, { timestamps: [100, 200, 300], values: [1, 2, 3] });
    points.end(1_000);
    return points;
  }

  it('are not shown again', () => {
    expect(replayed().unseen(1, 10, { timestamps: [200, 300, 400], values: [2, 3, 4] })).toEqual({
      timestamps: [400],
      values: [4],
    });
  });

  it('are shown when they were revised, and when they are revised back', () => {
    const points = replayed();
    const revised = { timestamps: [300], values: [9] };
    expect(points.unseen(1, 10, revised)).toEqual(revised);
    expect(points.unseen(1, 10, revised)).toEqual({ timestamps: [], values: [] });
    const back = { timestamps: [300], values: [3] };
    expect(points.unseen(1, 10, back)).toEqual(back);
  });

  it('say nothing of other series', () => {
    const other = { timestamps: [100], values: [1] };
    expect(replayed().unseen(1, 11, other)).toEqual(other);
    expect(replayed().unseen(2, 10, other)).toEqual(other);
  });

  it('are forgotten by account with the first event published after the replay', () => {
    const points = replayed();
    const again = { timestamps: [100], values: [1] };
    points.passed(2, 1_001);
    points.passed(1, 1_000);
    expect(points.unseen(1, 10, again).timestamps).toEqual([]);
    points.passed(1, 1_001);
    expect(points.unseen(1, 10, again)).toEqual(again);
  });
});
