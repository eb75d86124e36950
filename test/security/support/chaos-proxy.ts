import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What is done to answers on their way back, as Toxiproxy names it. */
export type Toxic = {
  /** Lets the head of the answer through, and acts on its body. */
  onBody?: boolean;
} & (
  | /** A black hole: nothing comes through, and the connection stays. */ { type: 'timeout' }
  | /** Comes a byte at a time. */ { type: 'slicer'; delayMs: number }
  | /** The connection is reset. */ { type: 'reset_peer' }
  | /** The proxy says no more after so many bytes, and ends its half of the connection. */ {
      type: 'limit_data';
      bytes: number;
    }
);

/** Which calls a toxic is for, by what they are signed for; what is left out matches everything. */
interface Target {
  /** As signatures name it: `ec2`, `rds`, `elasticloadbalancing`, `monitoring`, `sts`, `iam`. */
  service?: string;
  region?: string;
  /** Of the services that name it in a header, such as CloudWatch. */
  action?: string;
}

const HEAD_END = '\r\n\r\n';

/** A TCP proxy before the simulator that spoils the answers of the AWS services that it is told to. */
export class ChaosProxy {
  /** The simulator's. */
  targetPort = 0;
  private toxics: { toxic: Toxic; target: Target }[] = [];
  private readonly links = new Set<Link>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ChaosProxy> {
    const server = createServer({ allowHalfOpen: true }, (client) => proxy.accept(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new ChaosProxy(server);
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(toxic: Toxic, target: Target = {}): void {
    this.toxics.push({ toxic, target });
  }

  /** Of the calls after this; those under way suffer on. */
  clear(): void {
    this.toxics = [];
  }

  /** Connections that a client has open, and how many of them wait for an answer that is being spoilt. */
  get connections(): { open: number; spoilt: number } {
    return { open: this.links.size, spoilt: [...this.links].filter(({ isSpoilt }) => isSpoilt).length };
  }

  async close(): Promise<void> {
    this.links.forEach((link) => link.close());
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const link = new Link(client, this.targetPort, (head) => this.toxicFor(head));
    this.links.add(link);
    client.once('close', () => {
      link.close();
      this.links.delete(link);
    });
  }

  private toxicFor(head: string): Toxic | null {
    const scope = /Credential=[^/]+\/\d+\/(?<region>[^/]+)\/(?<service>[^/]+)\//.exec(head)?.groups;
    const action = /^x-amz-target: *\w+\.(\w+)/im.exec(head)?.[1];
    const isMeant = ({ target }: { target: Target }) =>
      (!target.action || target.action === action) &&
      (!target.service || target.service === scope?.service) &&
      (!target.region || target.region === scope?.region);
    return this.toxics.find(isMeant)?.toxic ?? null;
  }
}

/** One connection. A client of HTTP/1.1 sends its next request when the answer before is whole. */
class Link {
  private readonly target: Socket;
  private toxic: Toxic | null = null;
  /** Of the request, while it comes; of the answer. */
  private head = '';
  private bodyLeft = 0;
  private answerHead: string | null = '';
  private sent = 0;
  private drip: NodeJS.Timeout | undefined;
  private waiting = Buffer.alloc(0);

  constructor(
    private readonly client: Socket,
    port: number,
    private readonly toxicFor: (head: string) => Toxic | null,
  ) {
    this.target = connect(port, '127.0.0.1');
    this.target.on('data', (data) => this.answer(data));
    this.target.on('close', () => !this.toxic && client.end());
    client.on('data', (data) => this.request(data));
    client.on('end', () => client.destroy());
    // What a toxic does to one end is no surprise at the other.
    for (const socket of [client, this.target]) socket.on('error', () => undefined);
  }

  get isSpoilt(): boolean {
    return this.toxic !== null;
  }

  close(): void {
    clearInterval(this.drip);
    this.client.destroy();
    this.target.destroy();
  }

  private request(data: Buffer): void {
    this.target.write(data);
    if (this.bodyLeft > 0) {
      this.bodyLeft -= data.length;
      return;
    }
    this.head += data.toString('latin1');
    const end = this.head.indexOf(HEAD_END);
    if (end < 0) return;
    this.bodyLeft = Number(/^content-length: (\d+)/im.exec(this.head)?.[1] ?? 0);
    this.bodyLeft -= this.head.length - end - HEAD_END.length;
    this.toxic = this.toxicFor(this.head);
    this.head = '';
    this.answerHead = '';
    this.sent = 0;
  }

  private answer(data: Buffer): void {
    if (!this.toxic) this.client.write(data);
    else if (!this.toxic.onBody || this.answerHead === null) this.spoil(this.toxic, data);
    else {
      this.answerHead += data.toString('latin1');
      const end = this.answerHead.indexOf(HEAD_END);
      if (end < 0) return;
      const whole = Buffer.from(this.answerHead, 'latin1');
      this.answerHead = null;
      this.client.write(whole.subarray(0, end + HEAD_END.length));
      this.spoil(this.toxic, whole.subarray(end + HEAD_END.length));
    }
  }

  private spoil(toxic: Toxic, data: Buffer): void {
    if (toxic.type === 'reset_peer') this.client.resetAndDestroy();
    if (toxic.type === 'limit_data') {
      this.client.write(data.subarray(0, toxic.bytes - this.sent));
      this.sent += data.length;
      if (this.sent >= toxic.bytes) this.client.end();
    }
    if (toxic.type === 'slicer') {
      this.waiting = Buffer.concat([this.waiting, data]);
      this.drip ??= setInterval(() => {
        this.client.write(this.waiting.subarray(0, 1));
        this.waiting = this.waiting.subarray(1);
      }, toxic.delayMs);
    }
  }
}
