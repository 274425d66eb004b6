package dev.attache.filters.resource_monitors.injected_resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InjectedResourceMonitorTest {

    @TempDir Path directory;

    @Test
    void saysWhatTheFileSaysNow() throws IOException {
        Path file = directory.resolve("pressure");
        InjectedResourceMonitor monitor = new InjectedResourceMonitor(file);
        assertThatThrownBy(monitor::pressure).isInstanceOf(IOException.class);
        Files.writeString(file, "0.25\n");
        assertThat(monitor.pressure()).isEqualTo(0.25);
        Files.writeString(file, "1");
        assertThat(monitor.pressure()).isEqualTo(1);
        Files.writeString(file, "1.01");
        assertThatThrownBy(monitor::pressure).hasMessage("pressure out of range");
        Files.writeString(file, "NaN");
        assertThatThrownBy(monitor::pressure).hasMessage("pressure out of range");
        Files.writeString(file, "high");
        assertThatThrownBy(monitor::pressure)
                .hasMessage("failed to parse injected resource pressure");
    }
}
