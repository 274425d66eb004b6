package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.upstream.spec.HostPort;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One name of a {@link DnsCache} with what is known of it. Written on the main loop, read by every
 * worker, which also notes that it is in use: global by nature, at most one write in a while.
 */
public final class CachedName {

    private final String key;
    private final HostPort asked;
    private final long grainNanos;
    private volatile List<Address> addresses = List.of();
    private volatile String details = "not_resolved";
    private volatile boolean answered;
    private volatile boolean failed;
    private volatile long usedNanos;

    // Of the main loop alone.
    final List<NameWait> waiting = new ArrayList<>(1);
    @Nullable ScheduledFuture<?> timer;
    int failures;
    int question;

    /**
     * @param key under which it is kept: with its port
     * @param asked whom name servers are asked for, and the port of its addresses
     * @param grainNanos uses that are closer to each other than this are one
     */
    CachedName(String key, HostPort asked, long grainNanos, long nowNanos) {
        this.key = key;
        this.asked = asked;
        this.grainNanos = grainNanos;
        this.usedNanos = nowNanos;
    }

    /** With its port. */
    public String key() {
        return key;
    }

    HostPort asked() {
        return asked;
    }

    /** Empty where it has never led anywhere; otherwise the latest that were found. */
    public List<Address> addresses() {
        return addresses;
    }

    /** Why there are no addresses, in Envoy's words. */
    public String details() {
        return details;
    }

    /** Whether there has been an answer, or none was to be had. */
    boolean answered() {
        return answered;
    }

    boolean failed() {
        return failed;
    }

    /** Notes that a request goes there. Any worker. */
    public void touch(long nowNanos) {
        if (nowNanos - usedNanos > grainNanos) {
            usedNanos = nowNanos;
        }
    }

    long usedNanos() {
        return usedNanos;
    }

    void moved(List<Address> to) {
        addresses = List.copyOf(to);
        failed = false;
        answered = true;
    }

    /** What was known stays. */
    void foundNothing(String why, boolean failure) {
        if (addresses.isEmpty()) {
            details = why;
            failed = failure;
        }
        answered = true;
    }
}
