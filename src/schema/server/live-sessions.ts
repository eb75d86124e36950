import type { Viewer } from '../../core/access/viewer';
import type { Execution } from '../operation/execute-operation';

interface Session {
  viewer: Viewer;
  end: () => void;
}

/**
 * The open WebSockets by who opened them. While there are any, they are looked at a few times a second, all with one
 * read: whose credential has expired, or was revoked by whatever process, is ended. The read is of the state and not of
 * what changed, so that nothing is missed that happens while a session begins.
 */
export class LiveSessions {
  private readonly sessions = new Set<Session>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(private readonly execution: Pick<Execution, 'services' | 'limits'>) {}

  /** @param end closes the WebSocket; called once at most @returns forgets the session */
  open(viewer: Viewer, end: () => void): () => void {
    const session = { viewer, end };
    this.sessions.add(session);
    this.timer ??= setInterval(() => void this.look(), this.execution.limits.sessionCheckMs);
    return () => this.forget(session);
  }

  private async look(): Promise<void> {
    this.endThose(({ expiresAt }) => expiresAt !== null && expiresAt <= this.execution.services.clock.now());
    if (this.looking) return;
    this.looking = true;
    const { tokens, logger } = this.execution.services;
    const ids = new Set([...this.sessions].flatMap(({ viewer }) => viewer.tokenId ?? []));
    try {
      const revoked = ids.size > 0 ? await tokens.revokedOf([...ids]) : new Set<number>();
      this.endThose(({ tokenId }) => tokenId !== null && revoked.has(tokenId));
    } catch (error) {
      // A database that does not answer puts nobody out.
      logger.warn({ err: error }, 'The tokens of open WebSockets could not be looked at');
    } finally {
      this.looking = false;
    }
  }

  private endThose(isOver: (viewer: Viewer) => boolean): void {
    for (const session of [...this.sessions]) {
      if (!isOver(session.viewer)) continue;
      this.forget(session);
      session.end();
    }
  }

  private forget(session: Session): void {
    this.sessions.delete(session);
    if (this.sessions.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
