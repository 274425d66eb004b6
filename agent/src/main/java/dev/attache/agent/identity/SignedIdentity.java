package dev.attache.agent.identity;

import dev.attache.agent.identity.ca.CertificateAuthority;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity that an authority signs. A thread of its own makes keys, asks, waits and asks again;
 * it looks at the clocks every second, so that none that jumps, and no machine that sleeps, skips a
 * replacement. When it fails, what was there stays, and the log and the metric count down.
 */
public final class SignedIdentity implements WorkloadIdentity {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final IdentitySettings settings;
    private final Certification certification;
    private final CertificateAuthority authority;
    private final TrustBundle trust;
    private final InstantSource clock;
    private final LongSupplier ticks;
    private final OutputDuty output;
    private final Pause pause = new Pause(() -> ThreadLocalRandom.current().nextDouble());
    private final HeldIdentity held;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean wanted = true;
    private boolean closed;
    private int failures;
    private String failure = "";
    private @Nullable Due due;
    private @Nullable Thread thread;

    public SignedIdentity(
            IdentitySettings settings,
            CertificateAuthority authority,
            TrustBundle trust,
            AgentMetrics metrics) {
        this(settings, authority, trust, metrics, InstantSource.system(), System::nanoTime);
    }

    SignedIdentity(
            IdentitySettings settings,
            CertificateAuthority authority,
            TrustBundle trust,
            AgentMetrics metrics,
            InstantSource clock,
            LongSupplier ticks) {
        this.settings = settings;
        this.authority = authority;
        this.trust = trust;
        this.held = new HeldIdentity(metrics, clock);
        this.clock = clock;
        this.ticks = ticks;
        this.certification = new Certification(settings, authority, clock);
        this.output = new OutputDuty(settings.output(), trust);
    }

    @Override
    public void start() {
        trust.listen(output::want);
        lock.lock();
        try {
            if (thread == null && !closed) {
                thread = Thread.ofVirtual().name("identity").start(this::run);
            }
        } finally {
            lock.unlock();
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
        lock.lock();
        try {
            wanted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitDue()) {
            try {
                Identity fresh = certification.make();
                pause.reset();
                take(fresh);
            } catch (IOException | RuntimeException e) {
                if (!failed(e)) {
                    return;
                }
            }
        }
    }

    /** Waits until another is wanted, a second at a time; false at the end. */
    private boolean awaitDue() {
        while (true) {
            output.fulfil(held.current());
            lock.lock();
            try {
                if (closed) {
                    return false;
                }
                Duration left = due == null ? GLANCE : due.left();
                if (wanted || left.isZero()) {
                    wanted = false;
                    return true;
                }
                await(left.compareTo(GLANCE) < 0 ? left : GLANCE);
            } finally {
                lock.unlock();
            }
        }
    }

    private void await(Duration most) {
        try {
            if (!changed.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
                return; // the clocks are looked at again
            }
        } catch (InterruptedException e) {
            closed = true; // only whoever ends this process interrupts
            Thread.currentThread().interrupt();
        }
    }

    private void take(Identity fresh) {
        lock.lock();
        try {
            failures = 0;
            failure = "";
            due =
                    Due.of(
                            fresh,
                            settings.grace(),
                            settings.jitter(),
                            () -> ThreadLocalRandom.current().nextDouble(),
                            clock,
                            ticks);
            held.hold(fresh);
        } finally {
            lock.unlock();
        }
        output.want();
        trust.authority(fresh.roots());
        held.tell(fresh);
    }

    /** Says what went wrong and waits; false at the end. */
    private boolean failed(Exception reason) {
        lock.lock();
        try {
            failures++;
            failure = reason.getMessage() == null ? reason.toString() : reason.getMessage();
            Duration wait = pause.next();
            say(wait);
            wanted = true;
            long until = System.nanoTime() + wait.toNanos();
            while (!closed && until - System.nanoTime() > 0) {
                await(Duration.ofNanos(until - System.nanoTime()));
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void say(Duration wait) {
        Identity kept = held.current();
        if (kept == null) {
            LOG.warn("failed to warm certificate: {}; again in {}", failure, Spoken.of(wait));
            return;
        }
        Duration left = Duration.between(clock.instant(), kept.expires());
        if (left.isNegative()) {
            LOG.error(
                    "the workload certificate EXPIRED {} ago and is not renewed (attempt {}): {};"
                            + " again in {}",
                    Spoken.of(left.negated()),
                    failures,
                    failure,
                    Spoken.of(wait));
        } else {
            LOG.error(
                    "the workload certificate expires in {} and is not renewed (attempt {}): {};"
                            + " again in {}",
                    Spoken.of(left),
                    failures,
                    failure,
                    Spoken.of(wait));
        }
    }

    @Override
    public IdentityState state() {
        lock.lock();
        try {
            Identity known = held.current();
            Instant renewal = due == null ? null : due.moment();
            return new IdentityState(
                    authority.name(),
                    known == null ? List.of() : IdentityChain.read(known),
                    known == null ? null : known.expires(),
                    renewal,
                    failures,
                    failure);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.interrupt();
        }
        authority.close();
        if (running != null) {
            awaitEnd(running);
        }
    }

    /** Nothing is written any more after the end, but where an authority cannot be interrupted. */
    private static void awaitEnd(Thread running) {
        try {
            if (!running.join(ENDING)) {
                LOG.warn("what asks for certificates has not ended after {}", Spoken.of(ENDING));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
