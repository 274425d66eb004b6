package dev.attache.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands out TCP ports below the kernel's ephemeral range, each at most once per run. A proxy needs
 * to know its ports before it starts, so that requests can be aimed without asking its admin
 * interface; staying below the ephemeral range keeps outgoing connections from taking a port in
 * between.
 */
public final class Ports {
    private static final int FIRST = 12_000;
    private static final int SPAN = 18_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(SPAN));

    private Ports() {}

    public static int free() {
        for (int attempt = 0; attempt < SPAN; attempt++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), SPAN);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(false);
                probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + (FIRST + SPAN));
    }
}
