package dev.attache.bench.interception;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * One process of a scene: {@code server PORT}, {@code relay PORT SERVERPORT} or {@code client
 * ADDRESS PORT}. The client takes lines {@code LOAD SECONDS} and answers each with the number of
 * requests made; the others run until they are ended.
 */
final class Player {
    private Player() {}

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "server" -> new Server(Integer.parseInt(args[1])).run();
            case "relay" -> new Relay(Integer.parseInt(args[1]), Integer.parseInt(args[2])).run();
            case "client" -> play(args[1], Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void play(String address, int port) throws IOException {
        Client client = new Client(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            Load load = Load.valueOf(words[0]);
            System.out.println(client.run(load, Double.parseDouble(words[1])));
        }
    }
}
