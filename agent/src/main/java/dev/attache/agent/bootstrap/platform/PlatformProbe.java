package dev.attache.agent.bootstrap.platform;

import dev.attache.agent.environment.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Finds out in which cloud the machine is: by {@code CLOUD_PLATFORM}, or by asking each, five
 * seconds at most. Blocks; any thread.
 */
public final class PlatformProbe {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration AMAZON_LIMIT = Duration.ofMillis(100);
    private static final Duration GOOGLE_LIMIT = Duration.ofMillis(500);
    private static final String ADDRESS = "http://169.254.169.254";
    private static final String AMAZON_V6 = "http://[fd00:ec2::254]";

    private final Environment environment;
    private final String base;
    private final String amazonBase;
    private final Path root;

    /**
     * @param v6 whether the machine has addresses of IPv6
     */
    public PlatformProbe(Environment environment, boolean v6) {
        this(environment, ADDRESS, v6 ? AMAZON_V6 : ADDRESS, Path.of("/"));
    }

    PlatformProbe(Environment environment, String base, String amazonBase, Path root) {
        this.environment = environment;
        this.base = base;
        this.amazonBase = amazonBase;
        this.root = root;
    }

    /** What was found; {@link Platform#UNKNOWN} where nothing was. */
    public Platform find() {
        String stated = environment.text("CLOUD_PLATFORM", "").toLowerCase(Locale.ROOT);
        if (stated.equals("none")) {
            return Platform.UNKNOWN;
        }
        return switch (stated) {
            case "aws" -> amazon().platform();
            case "azure" -> azure().platform();
            case "gcp" -> google().platform();
            default -> probed();
        };
    }

    private Platform probed() {
        List<Callable<Optional<Platform>>> probes =
                List.of(
                        () -> google().found(),
                        () -> amazon().found(),
                        () ->
                                vendor().contains("Microsoft Corporation")
                                        ? Optional.of(azure().platform())
                                        : Optional.empty());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            CompletionService<Optional<Platform>> answers =
                    new ExecutorCompletionService<>(threads);
            probes.forEach(answers::submit);
            return first(answers, probes.size());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Platform first(CompletionService<Optional<Platform>> answers, int count) {
        long end = System.nanoTime() + LIMIT.toNanos();
        try {
            for (int i = 0; i < count; i++) {
                Future<Optional<Platform>> answer =
                        answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (answer == null) {
                    return Platform.UNKNOWN;
                }
                Optional<Platform> found = answer.get();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the probe of a cloud failed", e);
        }
        return Platform.UNKNOWN;
    }

    private AmazonPlatform amazon() {
        return new AmazonPlatform(new MetadataService(amazonBase, AMAZON_LIMIT));
    }

    private AzurePlatform azure() {
        return new AzurePlatform(new MetadataService(base, LIMIT));
    }

    private GooglePlatform google() {
        String host = environment.text("GCE_METADATA_HOST", "");
        String address = host.isEmpty() ? base : "http://" + host;
        return new GooglePlatform(
                new MetadataService(address, GOOGLE_LIMIT),
                environment,
                text(root.resolve("etc/resolv.conf")));
    }

    private String vendor() {
        return text(root.resolve("sys/class/dmi/id/sys_vendor"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // not every machine has it
        }
    }
}
