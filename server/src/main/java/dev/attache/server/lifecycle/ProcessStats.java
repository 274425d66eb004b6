package dev.attache.server.lifecycle;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an operator watches of a process on the JVM and Envoy has no names for: {@code
 * server.process.*} as the kernel sees it, {@code server.jvm.*}, and what the workers hold for
 * peers of what they may ({@code overload.worker_*.held} and {@code .budget}). Memory in bytes.
 * Where the kernel does not tell (no {@code /proc}), a value stays as it is. One thread at a time.
 */
final class ProcessStats {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path FILES = Path.of("/proc/self/fd");
    private static final int KIB = 1024;

    private final Engine engine;
    private final List<GarbageCollectorMXBean> collectors =
            ManagementFactory.getGarbageCollectorMXBeans();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final ThreadMXBean threadsOfJvm = ManagementFactory.getThreadMXBean();
    private final Counter cpuTime;
    private final Gauge resident;
    private final Gauge openFiles;
    private final Gauge maxFiles;
    private final Gauge heapMax;
    private final Gauge nonHeap;
    private final Gauge direct;
    private final Gauge directMax;
    private final Gauge threads;
    private final Counter collections;
    private final Counter collectionTime;
    private final Gauge heapHeld;
    private final Gauge heapBudget;
    private final Gauge directHeld;
    private final Gauge directBudget;
    private long cpuMillis;
    private long collectionsSeen;
    private long collectionMillis;

    ProcessStats(StatsStore store, Engine engine) {
        this.engine = engine;
        Scope process = store.scope("server.process.");
        cpuTime = process.counter("cpu_time_ms");
        resident = process.gauge("resident_memory");
        openFiles = process.gauge("open_files");
        maxFiles = process.gauge("max_files");
        Scope jvm = store.scope("server.jvm.");
        heapMax = jvm.gauge("heap_max");
        nonHeap = jvm.gauge("non_heap");
        direct = jvm.gauge("direct_memory");
        directMax = jvm.gauge("direct_memory_max");
        threads = jvm.gauge("threads");
        collections = jvm.counter("collections");
        collectionTime = jvm.counter("collection_time_ms");
        Scope overload = store.scope("overload.");
        heapHeld = overload.gauge("worker_heap.held");
        heapBudget = overload.gauge("worker_heap.budget");
        directHeld = overload.gauge("worker_direct.held");
        directBudget = overload.gauge("worker_direct.budget");
    }

    /** Reads all of them anew. */
    void update() {
        readProcess();
        heapMax.set(Runtime.getRuntime().maxMemory());
        nonHeap.set(memory.getNonHeapMemoryUsage().getUsed());
        direct.set(Math.max(0, PlatformDependent.usedDirectMemory()));
        directMax.set(PlatformDependent.maxDirectMemory());
        threads.set(threadsOfJvm.getThreadCount());
        countCollections();
        heapHeld.set(engine.heapHeldForPeers());
        heapBudget.set(engine.heapBudgetForPeers());
        directHeld.set(engine.directHeldForPeers());
        directBudget.set(engine.directBudgetForPeers());
    }

    private void readProcess() {
        long cpu =
                ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toMillis)
                        .orElse(cpuMillis);
        cpuTime.add(cpu - cpuMillis);
        cpuMillis = cpu;
        long kilobytes = number(STATUS, "VmRSS:");
        if (kilobytes >= 0) {
            resident.set(kilobytes * KIB);
        }
        long limit = number(LIMITS, "Max open files");
        if (limit >= 0) {
            maxFiles.set(limit);
        }
        long open = openFiles();
        if (open >= 0) {
            openFiles.set(open);
        }
    }

    private void countCollections() {
        long number = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            number += Math.max(0, collector.getCollectionCount());
            millis += Math.max(0, collector.getCollectionTime());
        }
        collections.add(number - collectionsSeen);
        collectionTime.add(millis - collectionMillis);
        collectionsSeen = number;
        collectionMillis = millis;
    }

    /** The first number behind a word at the beginning of a line; -1 where there is none. */
    private static long number(Path file, String word) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(word))
                    .map(line -> line.substring(word.length()).strip().split("\\s+", 2)[0])
                    .filter(text -> text.chars().allMatch(Character::isDigit))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException | UncheckedIOException noProc) {
            return -1;
        }
    }

    /** Since Linux 6.2 the directory's size says how many there are; before, they are counted. */
    private static long openFiles() {
        try {
            long size = Files.size(FILES);
            if (size > 0) {
                return size;
            }
            try (Stream<Path> each = Files.list(FILES)) {
                return each.count();
            }
        } catch (IOException | UncheckedIOException noProc) {
            return -1;
        }
    }
}
