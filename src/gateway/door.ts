import { isLoopback } from '../config/door-settings';
import type { Configuration } from '../config/settings';
import type { Logger } from '../core/logger';
import { DEFAULT_DOOR, type DoorOptions } from '../schema/server/door-options';
import type { ServerOptions } from '../schema/server/server';

/** The door as it is configured. */
export function doorOptions(
  configuration: Configuration,
): Pick<ServerOptions, 'host' | 'port' | 'door' | 'development' | 'introspection'> {
  const { env, host, port, introspection, bodyKib, tlsCertFile, tlsKeyFile } = configuration;
  const { trustedProxies, corsOrigins, socketsPerAddress, socketsPerTenant } = configuration;
  const development = env === 'development';
  const door: DoorOptions = {
    ...DEFAULT_DOOR,
    tls: tlsCertFile && tlsKeyFile ? { certFile: tlsCertFile, keyFile: tlsKeyFile } : null,
    trustedProxies,
    corsOrigins: corsOrigins ?? [],
    bodyBytes: bodyKib * 1024,
    socketsPerAddress,
    socketsPerTenant,
  };
  return { host, port, door, development, introspection: introspection ?? development };
}

/** Says so when tokens may cross a network in clear, as in development they may: elsewhere the configuration is refused. */
export function warnOfPlainHttp({ host, tlsCertFile, trustedProxies }: Configuration, log: Logger): void {
  if (tlsCertFile !== null || trustedProxies !== 0 || isLoopback(host)) return;
  log.warn(
    { host },
    'The API is plain HTTP on an address that others reach: set ROLECALL_TLS_CERT_FILE and ROLECALL_TLS_KEY_FILE, or ROLECALL_TRUSTED_PROXIES for a proxy that has TLS',
  );
}
