package dev.attache.filters.network.local_ratelimit;

import dev.attache.config.Compiled;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.SharedState;
import dev.attache.config.ratelimit.TokenBuckets;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.ratelimit.TokenBucket;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;

/** Compiles {@code envoy.filters.network.local_ratelimit}. */
public final class LocalRateLimitFactory
        implements ExtensionCompiler<LocalRateLimit, LocalRateLimitSpec> {

    /** Filters share a bucket where both agree. */
    private record ShareKey(String name, TokenBucket.Settings bucket) {}

    @Override
    public LocalRateLimit prototype() {
        return LocalRateLimit.getDefaultInstance();
    }

    @Override
    public Compiled<LocalRateLimitSpec> compile(LocalRateLimit proto, CompileContext context) {
        TokenBucket.Settings bucket =
                TokenBuckets.compile(proto.getTokenBucket(), context.at("token_bucket"));
        // Without a key nobody else finds the slot: the bucket is that of this configuration.
        SharedState shared =
                proto.getShareKey().isEmpty() ? new SharedState() : context.settings().shared();
        return context.result(
                new LocalRateLimitSpec(
                        proto.getStatPrefix(),
                        RuntimeFlags.compile(
                                proto.getRuntimeEnabled(), context.at("runtime_enabled")),
                        shared.slot(
                                LocalRateLimiter.class,
                                new ShareKey(proto.getShareKey(), bucket),
                                () ->
                                        new LocalRateLimiter(
                                                LocalRateLimiter.Spec.of(bucket),
                                                System.nanoTime()))));
    }
}
