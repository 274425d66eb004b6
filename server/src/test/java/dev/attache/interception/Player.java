package dev.attache.interception;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A process that does as it is told, as the test sees it: a line of answer to each line. */
public final class Player {
    private final BufferedReader in;
    private final PrintStream out;

    Player(Process process) throws IOException {
        this.in =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        if (!"ready".equals(in.readLine())) {
            throw new IOException("the actor did not start");
        }
    }

    public String say(String command) throws IOException {
        out.println(command);
        String answer = in.readLine();
        if (answer == null) {
            throw new IOException("the actor ended at: " + command);
        }
        return answer;
    }
}
