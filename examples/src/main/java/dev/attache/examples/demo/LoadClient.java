package dev.attache.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Sends requests all the time and counts what comes back, by instance. */
final class LoadClient implements AutoCloseable {

    private static final int CALLERS = 8;
    private static final long PAUSE_MILLIS = 20;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final Map<String, AtomicLong> byInstance = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> callers = new ArrayList<>();
    private final HttpRequest request;
    private volatile boolean running = true;

    LoadClient(int port) {
        request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(this::call));
        }
    }

    private void call() {
        while (running) {
            try {
                HttpResponse<String> response =
                        http.send(request, HttpResponse.BodyHandlers.ofString());
                sent.incrementAndGet();
                if (response.statusCode() == 200) {
                    String instance = response.headers().firstValue("x-shop-instance").orElse("?");
                    byInstance.computeIfAbsent(instance, k -> new AtomicLong()).incrementAndGet();
                } else {
                    fail(response.statusCode() + " " + response.body());
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                sent.incrementAndGet();
                fail(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void fail(String why) {
        if (running) {
            failed.incrementAndGet();
            failures.add(why);
        }
    }

    long failed() {
        return failed.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    long sent() {
        return sent.get();
    }

    /** Requests per instance since the last call. */
    Map<String, Long> takeCounts() {
        Map<String, Long> counts = new TreeMap<>();
        byInstance.forEach((instance, count) -> counts.put(instance, count.getAndSet(0)));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        for (Thread caller : callers) {
            caller.join();
        }
        http.shutdownNow();
    }
}
