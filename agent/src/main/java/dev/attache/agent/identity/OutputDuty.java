package dev.attache.agent.identity;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the files that others read, and tries again while they cannot be written: a disk that was
 * full may have room. It may be wanted on any thread; it is fulfilled on the identity's.
 */
final class OutputDuty {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");

    private final @Nullable CertificateOutput output;
    private final TrustBundle trust;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private String said = "";

    OutputDuty(@Nullable CertificateOutput output, TrustBundle trust) {
        this.output = output;
        this.trust = trust;
    }

    void want() {
        wanted.set(true);
    }

    void fulfil(@Nullable Identity identity) {
        if (output == null || identity == null || !wanted.getAndSet(false)) {
            return;
        }
        try {
            output.write(identity, trust.roots());
            said = "";
        } catch (IOException | RuntimeException e) {
            wanted.set(true);
            if (!said.equals(e.toString())) {
                said = e.toString();
                LOG.error("error when output the resource: {}; it is tried every second", said);
            }
        }
    }
}
