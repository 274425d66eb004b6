package dev.attache.iptables.probe;

import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.socket.NativeSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Listens where the proxy will listen, connects from 127.0.0.1 to 127.0.0.6 (or ::1 to ::6) at the
 * probe port once a second, and passes when a listener accepts a connection whose original
 * destination has that port. Runs in the network namespace of the thread that made it. Used once.
 */
public final class RedirectProbe {
    private static final long ACCEPT_MILLIS = 100;
    private static final long BETWEEN_CONNECTS_MILLIS = 1000;

    private final CaptureConfig config;
    private final Log log;
    private final CountDownLatch arrived = new CountDownLatch(1);
    private volatile boolean over;

    public RedirectProbe(CaptureConfig config, Log log) {
        this.config = config;
        this.log = log;
    }

    /** True if traffic arrives as the rules promise, within the probe's timeout. */
    public boolean passes() {
        log.info(
                "Starting iptables validation. This check verifies that iptables rules are"
                        + " properly established for the network.");
        List<NativeSocket> listeners = listeners();
        if (listeners.isEmpty()) {
            return false;
        }
        List<Thread> threads = new ArrayList<>();
        for (NativeSocket listener : listeners) {
            threads.add(start("probe-listener", () -> accept(listener)));
        }
        threads.add(start("probe-client", this::connect));
        boolean passed = awaitArrival();
        over = true;
        for (Thread thread : threads) {
            join(thread);
        }
        log.info(
                passed
                        ? "Validation passed, iptables rules established"
                        : "Validation failed: no redirected connection to port "
                                + config.operation().probePort()
                                + " within "
                                + config.operation().probeTimeoutNanos() / 1_000_000
                                + " ms");
        return passed;
    }

    private boolean awaitArrival() {
        try {
            return arrived.await(config.operation().probeTimeoutNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    private static void join(Thread thread) {
        try {
            thread.join(2 * BETWEEN_CONNECTS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<NativeSocket> listeners() {
        List<NativeSocket> listeners = new ArrayList<>();
        for (String port : List.of(config.ports().outbound(), config.ports().inbound())) {
            InetSocketAddress address = address(1, Integer.parseInt(port.strip()));
            try {
                log.info("Listening on " + address);
                listeners.add(NativeSocket.listen(address, false));
            } catch (IOException e) {
                log.error("Error on listening: " + e.getMessage());
            }
        }
        return listeners;
    }

    /** 127.0.0.last or ::last. */
    private InetSocketAddress address(int last, int port) {
        byte[] octets = config.operation().probeV6() ? new byte[16] : new byte[] {127, 0, 0, 0};
        octets[octets.length - 1] = (byte) last;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (IOException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }

    private void accept(NativeSocket listener) {
        try (listener) {
            listener.timeout(ACCEPT_MILLIS);
            while (!over) {
                NativeSocket connection = listener.accept();
                if (connection != null) {
                    examine(connection);
                }
            }
        } catch (IOException e) {
            log.error("Listener failed to accept connection: " + e.getMessage());
        }
    }

    private void examine(NativeSocket connection) {
        try (connection) {
            InetSocketAddress original = connection.originalDestination();
            log.info("Original addr " + original);
            connection.write(
                    String.valueOf(original.getPort()).getBytes(StandardCharsets.US_ASCII));
            if (original.getPort() == config.operation().probePort()) {
                arrived.countDown();
            }
        } catch (IOException e) {
            log.error("Error getting original dst: " + e.getMessage());
        }
    }

    /** The rules take the proxy's own traffic to 127.0.0.6 inbound, so the client must be it. */
    private NativeSocket client() throws IOException {
        boolean v6 = config.operation().probeV6();
        for (String uid : config.uids()) {
            try {
                return NativeSocket.openAs(Integer.parseInt(uid.strip()), v6);
            } catch (NumberFormatException e) {
                log.debug("the probe runs as itself, because " + uid + " is not a number");
            }
        }
        return NativeSocket.open(v6);
    }

    private void connect() {
        InetSocketAddress target = address(6, config.operation().probePort());
        while (!over) {
            try (NativeSocket client = client()) {
                client.timeout(BETWEEN_CONNECTS_MILLIS);
                client.bind(address(1, 0));
                client.connect(target);
            } catch (IOException e) {
                log.error("Error connecting to " + target + ": " + e.getMessage());
            }
            try {
                if (arrived.await(BETWEEN_CONNECTS_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
