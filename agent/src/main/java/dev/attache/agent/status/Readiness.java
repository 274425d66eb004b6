package dev.attache.agent.status;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /healthz/ready}: one check after the other, the first that fails is the reason. */
public final class Readiness implements StatusPage {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final List<ReadinessCheck> checks;
    private final AtomicBoolean succeeded = new AtomicBoolean();

    public Readiness(List<ReadinessCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    /** Why it is not ready, or null. Any thread; may block. */
    public @Nullable String reason() {
        for (ReadinessCheck check : checks) {
            String reason = check.notReady();
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    @Override
    public void answer(StatusRequest request, StatusReply reply) {
        String reason = reason();
        if (reason != null) {
            reply.status(503);
            LOG.warn("Envoy proxy is NOT ready: {}", reason);
            succeeded.set(false);
        } else if (succeeded.compareAndSet(false, true)) {
            LOG.info("Envoy proxy is ready");
        }
    }
}
