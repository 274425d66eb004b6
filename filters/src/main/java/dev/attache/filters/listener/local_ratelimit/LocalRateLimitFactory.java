package dev.attache.filters.listener.local_ratelimit;

import dev.attache.config.Compiled;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.ratelimit.TokenBuckets;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import io.envoyproxy.envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit;

/** Compiles {@code envoy.filters.listener.local_ratelimit}. */
public final class LocalRateLimitFactory
        implements ExtensionCompiler<LocalRateLimit, LocalRateLimitSpec> {
    @Override
    public LocalRateLimit prototype() {
        return LocalRateLimit.getDefaultInstance();
    }

    @Override
    public Compiled<LocalRateLimitSpec> compile(LocalRateLimit proto, CompileContext context) {
        return context.result(
                new LocalRateLimitSpec(
                        proto.getStatPrefix(),
                        RuntimeFlags.compile(
                                proto.getRuntimeEnabled(), context.at("runtime_enabled")),
                        new LocalRateLimiter(
                                LocalRateLimiter.Spec.of(
                                        TokenBuckets.compile(
                                                proto.getTokenBucket(),
                                                context.at("token_bucket"))),
                                System.nanoTime())));
    }
}
