package dev.attache.server.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUserTest {

    @Test
    void theEffectiveUserCounts() throws IOException {
        assertEquals(
                1337,
                ProcessUser.number(
                        List.of("Name:\tjava", "Uid:\t0\t1337\t1337\t1337", "Gid:\t1\t2\t3\t4")));
        assertEquals(-2, ProcessUser.number(List.of("Uid:\t1\t4294967294\t1\t1")));
    }

    @Test
    void aFileThatIsMadeIsThatUsers() throws IOException {
        Path file = Files.createTempFile("owner", "");
        try {
            assertEquals(Files.getAttribute(file, "unix:uid"), ProcessUser.number());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void whatDoesNotSayIsAnError() {
        assertThrows(IOException.class, () -> ProcessUser.number(List.of("Name:\tjava")));
        assertThrows(IOException.class, () -> ProcessUser.number(List.of("Uid:\ta\tb")));
    }
}
