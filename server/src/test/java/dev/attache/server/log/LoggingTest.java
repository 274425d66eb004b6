package dev.attache.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {

    @AfterEach
    void back() throws Exception {
        Logging.setPath("");
        Logging.setFormat(null, false, "");
        Logging.setLevel(LogLevel.INFO);
    }

    @Test
    void levelsAreByComponent(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("log");
        Logging.setPath(file.toString());
        Logging.setFormat("%l %n %s %v", false, "");
        assertThat(Logging.setLevel("upstream", LogLevel.TRACE)).isTrue();
        assertThat(Logging.setLevel("nonsense", LogLevel.TRACE)).isFalse();
        LoggerFactory.getLogger("upstream").trace("one {}", 1);
        LoggerFactory.getLogger("config").debug("hidden");
        LoggerFactory.getLogger("some.library.Class").info("two");
        LoggerFactory.getLogger("main").error(Critical.MARKER, "three");
        java.util.logging.Logger.getLogger("io.grpc.Foo").warning("four");
        System.getLogger("jdk.some.Thing").log(System.Logger.Level.WARNING, "{0} of {1}", 5, "JDK");
        System.getLogger("jdk.some.Thing").log(System.Logger.Level.DEBUG, "hidden");
        Logging.flush();
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "trace upstream LoggingTest.java one 1",
                        "info misc LoggingTest.java two",
                        "critical main LoggingTest.java three",
                        "warning grpc LoggingTest.java four",
                        "warning misc Thing.java 5 of JDK");
    }

    @Test
    void theStackInALibrarysMessageIsLeftOutButAtDebug(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("log");
        Logging.setPath(file.toString());
        Logging.setFormat("%v", false, "");
        String status =
                "no name. Status{cause=java.net.UnknownHostException: x\n\tat a.B.c(B.java:1)\n\tat"
                        + " a.D.e(D.java:2)\nCaused by: f\n\t... 3 more\n}";
        java.util.logging.Logger library = java.util.logging.Logger.getLogger("io.grpc.Foo");
        library.warning(status);
        Logging.setLevel(LogLevel.DEBUG);
        library.warning(status);
        Logging.flush();
        assertThat(Files.readString(file))
                .isEqualTo(
                        "no name. Status{cause=java.net.UnknownHostException: x Caused by: f }\n"
                                + status
                                + "\n");
    }

    @Test
    void reopensAfterTheFileWasMovedAway(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("log");
        Logging.setPath(file.toString());
        Logging.setFormat("%v", false, "");
        LoggerFactory.getLogger("main").info("before");
        Logging.flush();
        Path moved = Files.move(file, dir.resolve("log.1"));
        Logging.reopen();
        LoggerFactory.getLogger("main").info("after");
        Logging.flush();
        assertThat(Files.readAllLines(moved)).containsExactly("before");
        assertThat(Files.readAllLines(file)).containsExactly("after");
    }
}
