package dev.attache.filters.resource_monitors.cgroup_memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CgroupMemoryTest {

    @TempDir Path root;

    @Test
    void secondVersion() throws IOException {
        write("memory.current", "300\n");
        write("memory.max", "1000\n");
        assertThat(CgroupMemory.find(root).pressure(0)).isEqualTo(0.3);
        assertThat(CgroupMemory.find(root).pressure(600)).isEqualTo(0.5);
        assertThat(CgroupMemory.find(root).pressure(2000)).isEqualTo(0.3);
        write("memory.max", "max\n");
        assertThat(CgroupMemory.find(root).pressure(0)).isZero();
        assertThat(CgroupMemory.find(root).pressure(600)).isEqualTo(0.5);
    }

    @Test
    void firstVersion() throws IOException {
        write("memory/memory.usage_in_bytes", "1");
        write("memory/memory.limit_in_bytes", "4");
        assertThat(CgroupMemory.find(root).pressure(0)).isEqualTo(0.25);
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        assertThat(CgroupMemory.find(root)).isNull();
        write("memory.current", "many");
        assertThatThrownBy(() -> CgroupMemory.find(root).pressure(0))
                .hasMessageStartingWith("Unable to parse memory stats from file at ");
        write("memory.current", "1");
        assertThatThrownBy(() -> CgroupMemory.find(root).pressure(0))
                .hasMessageStartingWith("Unable to open memory stats file at ");
        write("memory.max", "");
        assertThatThrownBy(() -> CgroupMemory.find(root).pressure(0))
                .hasMessageStartingWith("Empty memory stats file at ");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
