package dev.attache.proxy.upstream.host;

/**
 * Why a host is not usable, as one who judges its health sees and says it: the {@link Host} itself,
 * or what one of several health checkers thinks of it.
 */
public interface HealthFlags {

    boolean has(Host.Flag flag);

    void set(Host.Flag flag, boolean on);
}
