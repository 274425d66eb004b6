package dev.attache.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests from one client of a mesh to several services, one after another to each, until it is
 * closed. Of the answers, which repeat {@code x-forwarded-client-cert}, it keeps those that were
 * not as they should be and by which certificates of the client they came. Any thread.
 */
final class SteadyLoad implements AutoCloseable {
    private static final Pattern HASH = Pattern.compile("Hash=([0-9a-f]{64})");

    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Set<String>> certificates = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder requests = new LongAdder();
    private volatile boolean ended;

    /** Asks a host at a port of the loopback, in a row of its own. */
    void add(int port, String host, Predicate<String> good) {
        String name = host + ":" + port;
        Set<String> seen = certificates.computeIfAbsent(name, any -> ConcurrentHashMap.newKeySet());
        threads.add(
                Thread.ofVirtual()
                        .start(() -> {
                            while (!ended) {
                                String answer = AgentCalls.get(port, host, "/hello");
                                requests.increment();
                                if (!good.test(answer)) {
                                    failures.add(name + " " + answer);
                                }
                                Matcher hash = HASH.matcher(answer);
                                if (hash.find()) {
                                    seen.add(hash.group(1));
                                }
                            }
                        }));
    }

    long requests() {
        return requests.sum();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many certificates the client has shown, by host and port. */
    Map<String, Integer> certificates() {
        Map<String, Integer> counts = new TreeMap<>();
        certificates.forEach((name, seen) -> counts.put(name, seen.size()));
        return counts;
    }

    /** Waits for the answers that are under way. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
