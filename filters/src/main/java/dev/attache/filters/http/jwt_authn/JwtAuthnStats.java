package dev.attache.filters.http.jwt_authn;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/** {@code http.<prefix>.jwt_authn.[<stat_prefix>.]*}, the cells of one worker. */
record JwtAuthnStats(
        Cell allowed,
        Cell denied,
        Cell corsPreflightBypassed,
        Cell jwksFetchSuccess,
        Cell jwksFetchFailed,
        Cell jwtCacheHit,
        Cell jwtCacheMiss) {

    /** The scope below that of the connection manager. */
    static Scope scope(Scope http, String prefix) {
        return http.scope("jwt_authn." + prefix);
    }

    static JwtAuthnStats of(Scope scope, int worker) {
        return new JwtAuthnStats(
                scope.counter("allowed").cell(worker),
                scope.counter("denied").cell(worker),
                scope.counter("cors_preflight_bypassed").cell(worker),
                scope.counter("jwks_fetch_success").cell(worker),
                scope.counter("jwks_fetch_failed").cell(worker),
                scope.counter("jwt_cache_hit").cell(worker),
                scope.counter("jwt_cache_miss").cell(worker));
    }
}
