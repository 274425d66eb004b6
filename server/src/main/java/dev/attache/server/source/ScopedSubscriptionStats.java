package dev.attache.server.source;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.TextReadout;
import dev.attache.proxy.upstream.lb.hash.XxHash64;
import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.SubscriptionStats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** Subscription stats below a prefix, e.g. {@code cluster_manager.cds.}. Main loop only. */
public final class ScopedSubscriptionStats implements SubscriptionStats {

    private final Scope scope;
    private final Counter attempt;
    private final Counter success;
    private final Counter failure;
    private final Counter rejected;
    private final Counter fetchTimeout;
    private final Gauge updateTime;
    private final Gauge version;
    private final TextReadout versionText;
    private final Histogram duration;

    public ScopedSubscriptionStats(Scope scope) {
        this.scope = scope;
        attempt = scope.counter("update_attempt");
        success = scope.counter("update_success");
        failure = scope.counter("update_failure");
        rejected = scope.counter("update_rejected");
        fetchTimeout = scope.counter("init_fetch_timeout");
        updateTime = scope.gauge("update_time");
        version = scope.gauge("version");
        versionText = scope.textReadout("version_text");
        duration = scope.histogram("update_duration", Histogram.Unit.MILLISECONDS);
    }

    @Override
    public void updateAttempt() {
        attempt.inc();
    }

    @Override
    public void updateSuccess(String text, Instant at) {
        success.inc();
        updateTime.set(at.toEpochMilli());
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        version.set(XxHash64.hash(utf8, 0, utf8.length, 0));
        versionText.set(text);
    }

    @Override
    public void updateTook(Duration time) {
        duration.record(time.toMillis());
    }

    @Override
    public void updateFailure() {
        failure.inc();
    }

    @Override
    public void updateRejected() {
        rejected.inc();
    }

    @Override
    public void initFetchTimeout() {
        fetchTimeout.inc();
    }

    @Override
    public ControlPlaneStats controlPlane() {
        return new ScopedControlPlaneStats(scope);
    }
}
