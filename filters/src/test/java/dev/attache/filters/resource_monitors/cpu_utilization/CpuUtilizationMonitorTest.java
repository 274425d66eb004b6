package dev.attache.filters.resource_monitors.cpu_utilization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CpuUtilizationMonitorTest {

    @TempDir Path root;
    private long nanos;

    @Test
    void theHostsProcessors() throws IOException {
        Path stat = root.resolve("stat");
        Files.writeString(stat, "cpu  10 20 30 40 5 6\ncpu0 1 1 1 1\n");
        CpuUtilizationMonitor monitor = new CpuUtilizationMonitor(new HostCpu(stat));
        Files.writeString(stat, "cpu  20 20 40 60 5 6\n");
        // 20 of 40 ticks, of which Envoy lets one twentieth count.
        assertThat(monitor.pressure()).isCloseTo(0.025, within(1e-9));
        assertThatThrownBy(monitor::pressure)
                .hasMessageStartingWith("Erroneous CPU stats calculation.");
        Files.writeString(stat, "intr 4");
        assertThatThrownBy(monitor::pressure)
                .hasMessageStartingWith("Unexpected format in linux cpu stats file ");
    }

    @Test
    void aContainerOfTheSecondVersion() throws IOException {
        write("cpu.stat", "user_usec 1\nusage_usec 1000\n");
        write("cpu.max", "max 100000");
        write("cpuset.cpus.effective", "0-1,5-6");
        CpuTime cpu = ContainerCpu.find(root, () -> nanos);
        assertThat(cpu.sample().work()).isEqualTo(250_000);
        write("cpu.max", "50000 100000");
        nanos = 7;
        assertThat(cpu.sample()).isEqualTo(new CpuTime.Sample(2_000_000, 7));
    }

    @Test
    void aContainerOfTheFirstVersion() throws IOException {
        write("cpu/cpu.shares", "500");
        write("cpuacct/cpuacct.usage", "1000");
        assertThat(ContainerCpu.find(root, () -> 3).sample())
                .isEqualTo(new CpuTime.Sample(2000, 3));
    }

    @Test
    void noContainerAtAll() {
        assertThat(ContainerCpu.find(root)).isNull();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
