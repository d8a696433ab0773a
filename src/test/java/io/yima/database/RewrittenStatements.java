package io.yima.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * The worker's database with statements changed on their way, so that a test can be shown to fail
 * without the safeguard that was taken out.
 */
@ApplicationScoped
public class RewrittenStatements {

  private final AgroalDataSource worker;
  private final DatabaseWatch watch;

  RewrittenStatements(@DataSource("worker") AgroalDataSource worker, DatabaseWatch watch) {
    this.worker = worker;
    this.watch = watch;
  }

  /**
   * @param used set when a statement had what is replaced: a change that finds nothing proves
   *     nothing
   */
  public WorkerDatabase with(String safeguard, String replacement, AtomicBoolean used) {
    UnaryOperator<String> rewrite =
        sql -> {
          if (!sql.contains(safeguard)) {
            return sql;
          }
          used.set(true);
          return sql.replace(safeguard, replacement);
        };
    AgroalDataSource rewriting =
        instead(
            AgroalDataSource.class,
            worker,
            "getConnection",
            () -> instead(Connection.class, worker.getConnection(), rewrite));
    return new WorkerDatabase(rewriting, watch);
  }

  @FunctionalInterface
  private interface Answer {
    Object get() throws Exception;
  }

  private static <T> T instead(Class<T> type, T of, String method, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && called.getParameterCount() == 0) {
                return answer.get();
              }
              return call(of, called, arguments);
            }));
  }

  private static Connection instead(
      Class<Connection> type, Connection of, UnaryOperator<String> rewrite) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals("prepareStatement")) {
                arguments[0] = rewrite.apply((String) arguments[0]);
              }
              return call(of, called, arguments);
            }));
  }

  private static Object call(Object of, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(of, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
