package dev.attache.agent.identity;

import dev.attache.agent.identity.file.FileWatch;
import dev.attache.agent.identity.file.KeyPairFiles;
import dev.attache.agent.identity.file.RootFile;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.pem.Certificates;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity that somebody else writes to files. While they cannot be read, are half written or do
 * not belong together, what was there stays.
 */
public final class FileIdentity implements WorkloadIdentity {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration MENDING = Duration.ofMillis(500);

    private final KeyPairFiles pair;
    private final RootFile roots;
    private final TrustBundle trust;
    private final FileWatch watch;
    private final AgentMetrics metrics;
    private final OutputDuty output;
    private final HeldIdentity held;
    private volatile int failures;
    private volatile String failure = "";
    private volatile boolean closed;

    /**
     * @param output where they are written once more; null for nowhere
     */
    public FileIdentity(
            KeyPairFiles pair,
            RootFile roots,
            TrustBundle trust,
            FileWatch watch,
            AgentMetrics metrics,
            @Nullable CertificateOutput output) {
        this.pair = pair;
        this.roots = roots;
        this.trust = trust;
        this.watch = watch;
        this.metrics = metrics;
        this.held = new HeldIdentity(metrics, InstantSource.system());
        this.output = new OutputDuty(output, trust);
    }

    @Override
    public void start() {
        trust.listen(output::want);
        watch.watch(pair.chain(), this::read);
        watch.watch(pair.key(), this::read);
        watch.watch(roots.file(), this::read);
        Thread.ofVirtual().name("identity-files").start(this::first);
    }

    /** Until the first is there, and for files that others read, only the time tells when. */
    private void first() {
        read();
        while (!closed) {
            try {
                Thread.sleep(held.current() == null ? MENDING : GLANCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            again();
        }
    }

    @Override
    public @Nullable Identity current() {
        return held.current();
    }

    @Override
    public void listen(Consumer<Identity> listener) {
        held.listen(listener);
    }

    @Override
    public void renew() {
        // its files are another's
    }

    /** What could not be written for others is written once it can be. */
    private synchronized void again() {
        if (closed) {
            return;
        }
        if (held.current() == null) {
            read();
        } else {
            output.fulfil(held.current());
        }
    }

    private synchronized void read() {
        try {
            KeyPairFiles.Content content = pair.read();
            List<String> trusted = roots.read();
            Identity fresh =
                    new Identity(
                            content.key(),
                            Certificates.split(content.chain()),
                            trusted,
                            Instant.now(),
                            content.expires());
            failures = 0;
            failure = "";
            Identity known = held.current();
            boolean same =
                    known != null
                            && known.key().equals(fresh.key())
                            && known.chain().equals(fresh.chain());
            trust.authority(trusted);
            if (!same) {
                take(fresh);
            }
            output.want();
            output.fulfil(held.current());
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void take(Identity fresh) {
        held.hold(fresh);
        LOG.atInfo()
                .addKeyValue("resource", "default")
                .log("read certificate from file {}", pair.chain());
        held.tell(fresh);
    }

    private void failed(Exception e) {
        failures++;
        String words = e.toString();
        if (!words.equals(failure)) {
            failure = words;
            LOG.error("failed to generate secret for proxy from file: {}", words);
        }
        metrics.counter(
                        "num_file_secret_failures_total",
                        "Number of times secret generation failed for files")
                .add(1);
    }

    @Override
    public IdentityState state() {
        Identity known = held.current();
        return new IdentityState(
                "files " + pair.chain(),
                known == null ? List.of() : IdentityChain.read(known),
                known == null ? null : known.expires(),
                null,
                failures,
                failure);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
