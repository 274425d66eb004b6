package dev.attache.server.restart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NextProcessTest {

    @Test
    void itHasTheSameArgumentsAndTheNextPlaceInTheRow() {
        assertEquals(
                List.of("-c", "a.yaml", "--restart-epoch", "1", "--base-id", "0"),
                NextProcess.next(List.of("-c", "a.yaml"), 0, 0));
        assertEquals(
                List.of("-c", "a.yaml", "-l", "debug", "--restart-epoch", "8", "--base-id", "3"),
                NextProcess.next(
                        List.of(
                                "--restart-epoch",
                                "7",
                                "-c",
                                "a.yaml",
                                "--base-id",
                                "3",
                                "-l",
                                "debug"),
                        7,
                        3));
    }

    @Test
    void aBaseIdThatWasFoundIsSaid() {
        assertEquals(
                List.of("--base-id-path", "/run/id", "--restart-epoch", "1", "--base-id", "4711"),
                NextProcess.next(
                        List.of("--use-dynamic-base-id", "--base-id-path", "/run/id"), 0, 4711));
    }
}
