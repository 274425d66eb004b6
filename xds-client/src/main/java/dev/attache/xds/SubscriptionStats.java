package dev.attache.xds;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a subscription counts, under Envoy's names: {@code update_attempt}, {@code update_success},
 * {@code update_failure}, {@code update_rejected}, {@code init_fetch_timeout}, {@code version},
 * {@code version_text}, {@code update_time}, {@code update_duration}. The implementer knows the
 * prefix. Called on the main loop.
 */
public interface SubscriptionStats {

    SubscriptionStats NONE =
            new SubscriptionStats() {
                @Override
                public void updateAttempt() {}

                @Override
                public void updateSuccess(String version, Instant at) {}

                @Override
                public void updateTook(Duration time) {}

                @Override
                public void updateFailure() {}

                @Override
                public void updateRejected() {}

                @Override
                public void initFetchTimeout() {}

                @Override
                public ControlPlaneStats controlPlane() {
                    return ControlPlaneStats.NONE;
                }
            };

    void updateAttempt();

    /**
     * Also sets {@code version} (the xxHash64 of the text), {@code version_text} and {@code
     * update_time}.
     */
    void updateSuccess(String version, Instant at);

    /** How long it took to apply an update that came by a stream; files are not timed. */
    void updateTook(Duration time);

    void updateFailure();

    void updateRejected();

    void initFetchTimeout();

    /** The {@code control_plane.*} stats of a stream that serves this subscription alone. */
    ControlPlaneStats controlPlane();
}
