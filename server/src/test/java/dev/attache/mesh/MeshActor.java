package dev.attache.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The application of a pod as a process, which does as it is told on its standard input: {@code
 * serve TCP GRPC WEB…} is the application on these ports, all else is a call. A line of answer to
 * each line, with what a line cannot hold escaped as in Java's texts.
 */
final class MeshActor {
    private MeshActor() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8)) {
            out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = line.startsWith("serve ") ? serve(line) : MeshCalls.call(line);
                out.println(answer.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n"));
            }
        }
    }

    private static String serve(String line) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (String word : line.substring("serve ".length()).split(" ")) {
            ports.add(Integer.valueOf(word));
        }
        new MeshApplication("::", ports.get(0), ports.get(1), ports.subList(2, ports.size()));
        return "serving";
    }
}
