package dev.attache.agent.identity.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FileWatchTest {
    @TempDir Path directory;

    @Test
    void aListenerThatFailsKeepsNobodyFromHearing() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("file"), "1");
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        try (FileWatch watch = new FileWatch(Duration.ofMillis(20))) {
            watch.watch(
                    file,
                    () -> {
                        first.countDown();
                        throw new IllegalStateException("of a listener");
                    });
            watch.watch(file, second::countDown);
            Files.writeString(file, "22");
            first.await();
            while (second.getCount() > 1) {
                Thread.sleep(10);
            }
            Files.writeString(file, "333");
            second.await();
        }
    }
}
