/** A statement, the summary it must have, the operation and the one table (or none). */
export type Statement = readonly [
  sql: string,
  summary: string | undefined,
  operation?: string | undefined,
  collection?: string | undefined
]

export const postgresql: ReadonlyArray<Statement> = [
  // SELECT
  ["SELECT * FROM wuser_table WHERE username = $1", "SELECT wuser_table", "SELECT", "wuser_table"],
  ["SELECT * FROM songs, artists WHERE songs.artist_id = artists.id", "SELECT songs artists", "SELECT"],
  [
    "SELECT order_date FROM (SELECT * FROM orders o JOIN customers c ON o.customer_id = c.customer_id) t",
    "SELECT SELECT orders customers",
    "SELECT"
  ],
  [`SELECT * FROM "song list", artists`, `SELECT "song list" artists`, "SELECT"],
  ["SELECT 1", "SELECT", "SELECT"],
  ["SELECT now()", "SELECT", "SELECT"],
  ["select id from posts", "select posts", "select", "posts"],
  ["Select id From posts", "Select posts", "Select", "posts"],
  ["  \n\tSELECT\n*\nFROM\nposts\n", "SELECT posts", "SELECT", "posts"],
  [`SELECT * FROM "posts"`, "SELECT posts", "SELECT", "posts"],
  [`SELECT * FROM "public"."posts"`, "SELECT public.posts", "SELECT", "public.posts"],
  ["SELECT * FROM public.posts", "SELECT public.posts", "SELECT", "public.posts"],
  ["SELECT * FROM db.public.posts", "SELECT db.public.posts", "SELECT", "db.public.posts"],
  ["SELECT * FROM public . posts", "SELECT public.posts", "SELECT", "public.posts"],
  [`SELECT * FROM "a""b"`, `SELECT "a""b"`, "SELECT", `"a""b"`],
  [`SELECT * FROM "wp_posts-2"`, "SELECT wp_posts-2", "SELECT", "wp_posts-2"],
  ["SELECT * FROM größe", "SELECT größe", "SELECT", "größe"],
  ["SELECT DISTINCT author FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT DISTINCT ON (author) * FROM posts ORDER BY author, date", "SELECT posts", "SELECT", "posts"],
  ["SELECT count(*), max(x) FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT p.* FROM posts AS p", "SELECT posts", "SELECT", "posts"],
  ["SELECT p.* FROM posts p, users AS u WHERE p.a = u.a", "SELECT posts users", "SELECT"],
  ["SELECT * FROM posts JOIN users ON posts.author = users.id", "SELECT posts users", "SELECT"],
  ["SELECT * FROM posts LEFT OUTER JOIN users USING (id, site)", "SELECT posts users", "SELECT"],
  ["SELECT * FROM posts CROSS JOIN tags NATURAL JOIN users", "SELECT posts tags users", "SELECT"],
  ["SELECT * FROM posts p JOIN posts q ON p.parent = q.id", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts JOIN users ON f(a, b), tags", "SELECT posts users tags", "SELECT"],
  ["SELECT * FROM (posts JOIN users ON a = b), tags", "SELECT posts users tags", "SELECT"],
  ["SELECT * FROM posts WHERE author IN (SELECT id FROM users)", "SELECT posts SELECT users", "SELECT"],
  ["SELECT * FROM posts WHERE EXISTS (SELECT 1 FROM users WHERE id = author)", "SELECT posts SELECT users", "SELECT"],
  ["SELECT (SELECT count(*) FROM comments) FROM posts", "SELECT posts SELECT comments", "SELECT"],
  ["SELECT ARRAY(SELECT tag FROM tags) FROM posts", "SELECT posts SELECT tags", "SELECT"],
  [
    "SELECT * FROM posts WHERE id = ANY($1) GROUP BY a, b HAVING c ORDER BY d, e LIMIT 5",
    "SELECT posts",
    "SELECT",
    "posts"
  ],
  ["SELECT extract(year FROM published) FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT trim(both FROM title), substring(a FROM 1 FOR 2) FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE a IS DISTINCT FROM b", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE a IS NOT DISTINCT FROM b", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM generate_series(1, 10) AS n", "SELECT", "SELECT"],
  ["SELECT * FROM unnest($1::int[]) AS n JOIN posts ON posts.id = n", "SELECT posts", "SELECT", "posts"],
  [
    "SELECT * FROM posts, LATERAL (SELECT * FROM comments c WHERE c.post = posts.id) x",
    "SELECT posts SELECT comments",
    "SELECT"
  ],
  ["SELECT * FROM posts JOIN LATERAL unnest(tags) t ON true", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM ONLY posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts TABLESAMPLE system (1)", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts FOR UPDATE SKIP LOCKED", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts FOR UPDATE OF posts NOWAIT", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts FETCH FIRST 5 ROWS ONLY", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts OFFSET 10, 5", "SELECT posts", "SELECT", "posts"],
  ["SELECT * INTO archive FROM posts", "SELECT archive posts", "SELECT"],
  ["SELECT * INTO TEMP TABLE archive FROM posts", "SELECT archive posts", "SELECT"],
  ["SELECT a FROM x UNION SELECT b FROM y", "SELECT x SELECT y", "SELECT"],
  ["SELECT a FROM x UNION ALL SELECT b FROM x", "SELECT x SELECT x", "SELECT", "x"],
  ["SELECT a FROM x INTERSECT SELECT b FROM y EXCEPT SELECT c FROM z", "SELECT x SELECT y SELECT z", "SELECT"],
  ["(SELECT a FROM x) UNION (SELECT b FROM y) ORDER BY 1", "SELECT x SELECT y", "SELECT"],
  ["((SELECT a FROM x))", "SELECT x", "SELECT", "x"],
  [
    "SELECT sum(a) OVER (PARTITION BY b ORDER BY c) FROM posts WINDOW w AS (ORDER BY a, b)",
    "SELECT posts",
    "SELECT",
    "posts"
  ],
  ["SELECT data->>'from', data @> '{}', a ? 'b' FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT a[1:2], b::text, c AS \"from\" FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT posts.from, posts.update FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT CASE WHEN a THEN 'x' ELSE 'y' END FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE title = 'SELECT * FROM users'", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE title = $$SELECT * FROM users$$", "SELECT posts", "SELECT", "posts"],
  [
    "SELECT * FROM posts WHERE title = $q$it's $$ here$q$ AND a IN (SELECT b FROM c)",
    "SELECT posts SELECT c",
    "SELECT"
  ],
  ["SELECT * FROM posts WHERE title = E'it\\'s; DROP TABLE users'", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE title = 'it''s; DROP TABLE users'", "SELECT posts", "SELECT", "posts"],
  // Comments
  ["-- SELECT * FROM users\nSELECT * FROM posts", "SELECT posts", "SELECT", "posts"],
  ["/* users */ SELECT * FROM /* users, */ posts -- , users", "SELECT posts", "SELECT", "posts"],
  ["/* a /* nested */ FROM users */ SELECT * FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts /*traceparent='00-0af7-b7ad-01'*/", "SELECT posts", "SELECT", "posts"],
  ["SELECT*FROM posts", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts--x", "SELECT posts", "SELECT", "posts"],
  // Common table expressions: the main statement first, their names are no tables
  ["WITH recent AS (SELECT * FROM posts) SELECT * FROM recent", "SELECT SELECT posts", "SELECT", "posts"],
  [
    "WITH recent AS (SELECT * FROM posts) SELECT * FROM recent JOIN users ON true",
    "SELECT users SELECT posts",
    "SELECT"
  ],
  [
    "WITH moved AS (DELETE FROM posts RETURNING *) INSERT INTO archive SELECT * FROM moved",
    "INSERT archive SELECT DELETE posts",
    "INSERT"
  ],
  [
    "WITH a AS (SELECT 1 FROM x), b (n, m) AS NOT MATERIALIZED (SELECT 2 FROM y) UPDATE z SET n = 1 FROM a, b",
    "UPDATE z SELECT x SELECT y",
    "UPDATE"
  ],
  [
    "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT sum(n) FROM t",
    "SELECT VALUES SELECT",
    "SELECT"
  ],
  [`WITH "my recent" AS (SELECT * FROM posts) SELECT * FROM "my recent"`, "SELECT SELECT posts", "SELECT", "posts"],
  ["WITH ins AS (INSERT INTO a (x) VALUES (1) RETURNING id) SELECT id FROM ins", "SELECT INSERT a", "SELECT", "a"],
  [
    "WITH up AS (UPDATE a SET x = 1 RETURNING *) DELETE FROM b USING up WHERE b.id = up.id",
    "DELETE b UPDATE a",
    "DELETE"
  ],
  [
    "SELECT * FROM (WITH r AS (SELECT * FROM posts) SELECT * FROM r) s",
    "SELECT SELECT SELECT posts",
    "SELECT",
    "posts"
  ],
  ["INSERT INTO a WITH r AS (SELECT * FROM b) SELECT * FROM r", "INSERT a SELECT SELECT b", "INSERT"],
  // INSERT
  ["INSERT INTO posts (id, title) VALUES ($1, $2)", "INSERT posts", "INSERT", "posts"],
  [`INSERT INTO "posts" ("id") VALUES ($1) RETURNING *`, "INSERT posts", "INSERT", "posts"],
  ["INSERT INTO posts DEFAULT VALUES", "INSERT posts", "INSERT", "posts"],
  ["INSERT INTO posts VALUES ($1), ($2), ($3)", "INSERT posts", "INSERT", "posts"],
  ["INSERT INTO posts AS p (id) VALUES ($1)", "INSERT posts", "INSERT", "posts"],
  ["insert into posts(id) values ($1)", "insert posts", "insert", "posts"],
  [
    "INSERT INTO posts (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET title = excluded.title WHERE posts.a = 1",
    "INSERT posts",
    "INSERT",
    "posts"
  ],
  [
    "INSERT INTO posts (id) VALUES ($1) ON CONFLICT ON CONSTRAINT posts_pkey DO NOTHING",
    "INSERT posts",
    "INSERT",
    "posts"
  ],
  [
    "INSERT INTO shipping_details (order_id, address) SELECT order_id, address FROM orders WHERE order_id = $1",
    "INSERT shipping_details SELECT orders",
    "INSERT"
  ],
  ["INSERT INTO a (SELECT * FROM b)", "INSERT a SELECT b", "INSERT"],
  ["INSERT INTO a (x) VALUES ((SELECT max(x) FROM b))", "INSERT a SELECT b", "INSERT"],
  ["INSERT INTO a OVERRIDING SYSTEM VALUE VALUES (1)", "INSERT a", "INSERT", "a"],
  // UPDATE
  ["UPDATE posts SET title = $1, body = $2 WHERE id = $3", "UPDATE posts", "UPDATE", "posts"],
  ["UPDATE ONLY posts SET title = $1", "UPDATE posts", "UPDATE", "posts"],
  [`UPDATE "public"."posts" AS p SET "title" = $1`, "UPDATE public.posts", "UPDATE", "public.posts"],
  [
    "UPDATE posts SET a = users.a FROM users, sites WHERE posts.author = users.id",
    "UPDATE posts users sites",
    "UPDATE"
  ],
  ["UPDATE posts SET a = (SELECT max(a) FROM stats), b = 2", "UPDATE posts SELECT stats", "UPDATE"],
  ["UPDATE posts SET (a, b) = (SELECT c, d FROM e) WHERE x", "UPDATE posts SELECT e", "UPDATE"],
  [
    `UPDATE posts SET title = data.title FROM (values ($1, $2), ($3, $4)) AS data("id", "title") WHERE data.id = posts.id`,
    "UPDATE posts",
    "UPDATE",
    "posts"
  ],
  // DELETE
  ["DELETE FROM posts", "DELETE posts", "DELETE", "posts"],
  ["DELETE FROM posts WHERE id = $1 RETURNING id", "DELETE posts", "DELETE", "posts"],
  ["DELETE FROM ONLY posts AS p", "DELETE posts", "DELETE", "posts"],
  ["DELETE FROM posts USING users, sites WHERE posts.author = users.id", "DELETE posts users sites", "DELETE"],
  ["DELETE FROM posts WHERE id IN (SELECT post FROM gone)", "DELETE posts SELECT gone", "DELETE"],
  // MERGE
  [
    "MERGE INTO posts p USING incoming i ON p.id = i.id WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (1)",
    "MERGE posts incoming",
    "MERGE"
  ],
  [
    "MERGE INTO posts USING (SELECT * FROM incoming) i ON true WHEN MATCHED THEN DELETE",
    "MERGE posts SELECT incoming",
    "MERGE"
  ],
  // Other statements with tables
  ["VALUES (1, 'a'), (2, 'b')", "VALUES", "VALUES"],
  ["TABLE posts", "TABLE posts", "TABLE", "posts"],
  ["TRUNCATE posts", "TRUNCATE posts", "TRUNCATE", "posts"],
  ["TRUNCATE TABLE ONLY posts, users RESTART IDENTITY CASCADE", "TRUNCATE posts users", "TRUNCATE"],
  ["COPY posts (id, title) FROM STDIN WITH (FORMAT csv)", "COPY posts", "COPY", "posts"],
  ["COPY posts FROM '/tmp/users.csv'", "COPY posts", "COPY", "posts"],
  ["COPY (SELECT * FROM posts) TO STDOUT", "COPY SELECT posts", "COPY", "posts"],
  ["LOCK TABLE posts IN EXCLUSIVE MODE", "LOCK posts", "LOCK", "posts"],
  ["VACUUM (VERBOSE, ANALYZE) posts", "VACUUM posts", "VACUUM", "posts"],
  ["VACUUM FULL posts", "VACUUM posts", "VACUUM", "posts"],
  ["VACUUM", "VACUUM", "VACUUM"],
  ["ANALYZE posts (title), users", "ANALYZE posts users", "ANALYZE"],
  ["EXPLAIN SELECT * FROM posts", "EXPLAIN SELECT posts", "EXPLAIN", "posts"],
  ["EXPLAIN ANALYZE VERBOSE SELECT * FROM posts", "EXPLAIN SELECT posts", "EXPLAIN", "posts"],
  ["EXPLAIN (ANALYZE, FORMAT json) UPDATE posts SET a = 1", "EXPLAIN UPDATE posts", "EXPLAIN", "posts"],
  ["EXPLAIN WITH a AS (SELECT * FROM b) SELECT * FROM a", "EXPLAIN SELECT SELECT b", "EXPLAIN", "b"],
  ["PREPARE get (int) AS SELECT * FROM posts WHERE id = $1", "PREPARE SELECT posts", "PREPARE", "posts"],
  ["PREPARE put AS INSERT INTO posts VALUES ($1)", "PREPARE INSERT posts", "PREPARE", "posts"],
  ["EXECUTE get(1)", "EXECUTE get", "EXECUTE"],
  ["DEALLOCATE get", "DEALLOCATE", "DEALLOCATE"],
  ["DECLARE c CURSOR FOR SELECT * FROM posts", "DECLARE SELECT posts", "DECLARE", "posts"],
  ["FETCH 100 FROM c", "FETCH", "FETCH"],
  ["CLOSE c", "CLOSE", "CLOSE"],
  [
    "REFRESH MATERIALIZED VIEW CONCURRENTLY stats",
    "REFRESH MATERIALIZED VIEW stats",
    "REFRESH MATERIALIZED VIEW",
    "stats"
  ],
  // Definitions
  [
    "CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users (id))",
    "CREATE TABLE posts",
    "CREATE TABLE",
    "posts"
  ],
  [
    "CREATE TABLE IF NOT EXISTS public.posts (id int DEFAULT 1)",
    "CREATE TABLE public.posts",
    "CREATE TABLE",
    "public.posts"
  ],
  ["CREATE UNLOGGED TABLE posts (id int)", "CREATE TABLE posts", "CREATE TABLE", "posts"],
  ["CREATE TEMP TABLE posts (id int)", "CREATE TABLE posts", "CREATE TABLE", "posts"],
  ["CREATE TABLE posts AS SELECT * FROM drafts", "CREATE TABLE posts SELECT drafts", "CREATE TABLE"],
  [
    "CREATE TABLE posts_2026 PARTITION OF posts FOR VALUES FROM (1) TO (2)",
    "CREATE TABLE posts_2026",
    "CREATE TABLE",
    "posts_2026"
  ],
  ["create table posts (id int)", "create table posts", "create table", "posts"],
  ["CREATE INDEX ON posts (slug)", "CREATE INDEX posts", "CREATE INDEX", "posts"],
  [
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON public.posts USING btree (slug)",
    "CREATE INDEX posts_slug public.posts",
    "CREATE INDEX",
    "public.posts"
  ],
  ["DROP INDEX CONCURRENTLY IF EXISTS posts_slug", "DROP INDEX posts_slug", "DROP INDEX"],
  ["REINDEX INDEX posts_slug", "REINDEX INDEX posts_slug", "REINDEX INDEX"],
  ["REINDEX TABLE posts", "REINDEX TABLE posts", "REINDEX TABLE", "posts"],
  ["DROP TABLE posts", "DROP TABLE posts", "DROP TABLE", "posts"],
  ["DROP TABLE IF EXISTS posts, users CASCADE", "DROP TABLE posts users", "DROP TABLE"],
  ["ALTER TABLE posts ADD COLUMN a int, DROP COLUMN b", "ALTER TABLE posts", "ALTER TABLE", "posts"],
  ["ALTER TABLE IF EXISTS ONLY posts RENAME TO articles", "ALTER TABLE posts", "ALTER TABLE", "posts"],
  ["CREATE VIEW recent AS SELECT * FROM posts", "CREATE VIEW recent SELECT posts", "CREATE VIEW"],
  [
    "CREATE OR REPLACE VIEW recent AS WITH a AS (SELECT * FROM posts) SELECT * FROM a",
    "CREATE VIEW recent SELECT SELECT posts",
    "CREATE VIEW"
  ],
  [
    "CREATE MATERIALIZED VIEW stats AS SELECT count(*) FROM posts",
    "CREATE MATERIALIZED VIEW stats SELECT posts",
    "CREATE MATERIALIZED VIEW"
  ],
  ["CREATE SCHEMA IF NOT EXISTS blog", "CREATE SCHEMA blog", "CREATE SCHEMA"],
  ["CREATE DATABASE blog", "CREATE DATABASE blog", "CREATE DATABASE"],
  ["CREATE EXTENSION IF NOT EXISTS pgcrypto", "CREATE EXTENSION pgcrypto", "CREATE EXTENSION"],
  ["CREATE TYPE mood AS ENUM ('sad', 'happy')", "CREATE TYPE mood", "CREATE TYPE"],
  ["CREATE SEQUENCE ids START 5", "CREATE SEQUENCE ids", "CREATE SEQUENCE"],
  [
    "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 FROM posts; $$ LANGUAGE sql",
    "CREATE FUNCTION f",
    "CREATE FUNCTION"
  ],
  ["CREATE TRIGGER t BEFORE UPDATE ON posts EXECUTE FUNCTION f()", "CREATE TRIGGER t", "CREATE TRIGGER"],
  ["CREATE ROLE alice LOGIN PASSWORD 'secret'", "CREATE ROLE", "CREATE ROLE"],
  ["DROP USER alice", "DROP USER", "DROP USER"],
  ["COMMENT ON TABLE posts IS 'what we wrote'", "COMMENT ON TABLE posts", "COMMENT ON TABLE", "posts"],
  // Transactions
  ["BEGIN", "BEGIN", "BEGIN"],
  ["BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY", "BEGIN", "BEGIN"],
  ["START TRANSACTION READ WRITE", "START TRANSACTION", "START TRANSACTION"],
  ["COMMIT", "COMMIT", "COMMIT"],
  ["COMMIT AND CHAIN", "COMMIT", "COMMIT"],
  ["ROLLBACK", "ROLLBACK", "ROLLBACK"],
  ["SAVEPOINT effect_sql_1", "SAVEPOINT", "SAVEPOINT"],
  ["ROLLBACK TO SAVEPOINT effect_sql_1", "ROLLBACK TO SAVEPOINT", "ROLLBACK TO SAVEPOINT"],
  ["RELEASE SAVEPOINT effect_sql_1", "RELEASE SAVEPOINT", "RELEASE SAVEPOINT"],
  ["END", "END", "END"],
  // Sessions, calls, rights
  ["SET search_path TO blog, public", "SET search_path", "SET"],
  ["SET LOCAL statement_timeout = '5s'", "SET LOCAL statement_timeout", "SET LOCAL"],
  ["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SET TRANSACTION", "SET"],
  ["SHOW server_version", "SHOW server_version", "SHOW"],
  ["RESET ALL", "RESET ALL", "RESET"],
  ["LISTEN posts_changed", "LISTEN posts_changed", "LISTEN"],
  ["NOTIFY posts_changed, 'secret'", "NOTIFY posts_changed", "NOTIFY"],
  ["CALL archive_posts(5, 'x')", "CALL archive_posts", "CALL"],
  ["CALL blog.archive_posts()", "CALL blog.archive_posts", "CALL"],
  ["DO $$ BEGIN DELETE FROM posts; END $$", "DO", "DO"],
  ["GRANT SELECT ON posts TO alice", "GRANT", "GRANT"],
  ["REVOKE ALL ON posts FROM alice", "REVOKE", "REVOKE"],
  ["CHECKPOINT", "CHECKPOINT", "CHECKPOINT"],
  ["SELECT pg_notify($1, $2)", "SELECT", "SELECT"],
  // Several statements
  ["SELECT 1; SELECT 2", "SELECT SELECT", undefined],
  ["BEGIN; INSERT INTO posts VALUES (1); COMMIT;", "BEGIN INSERT posts COMMIT", undefined, "posts"],
  ["DROP TABLE a; CREATE TABLE b (id int);", "DROP TABLE a CREATE TABLE b", undefined],
  [";;; SELECT * FROM posts ;", "SELECT posts", "SELECT", "posts"],
  ["SELECT ';' FROM posts", "SELECT posts", "SELECT", "posts"],
  // Broken, empty, no SQL
  ["", undefined],
  ["   \n", undefined],
  ["-- nothing", undefined],
  [";", undefined],
  ["SELEC * FROM posts", undefined],
  ["hello world", undefined],
  ["42", undefined],
  ["SELECT * FROM", "SELECT", "SELECT"],
  ["SELECT * FROM WHERE", "SELECT", "SELECT"],
  ["SELECT * FROM posts WHERE (a = 1", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE a = 'open", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts /* open", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts WHERE a = $x$open", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM \"open", "SELECT \"open", "SELECT", "\"open"],
  ["SELECT ))) FROM posts", "SELECT posts", "SELECT", "posts"],
  ["INSERT", "INSERT", "INSERT"],
  ["CREATE", "CREATE", "CREATE"],
  ["WITH", undefined],
  ["WITH a AS (SELECT 1 FROM b", "SELECT b", undefined, "b"],
  ["UPDATE SET a = 1", "UPDATE", "UPDATE"],
  ["SELECT \u0000 FROM posts", "SELECT posts", "SELECT", "posts"]
]

export const mysql: ReadonlyArray<Statement> = [
  ["SELECT * FROM `blog`.`wp_posts` WHERE id = ?", "SELECT blog.wp_posts", "SELECT", "blog.wp_posts"],
  ["SELECT * FROM wp_posts WHERE title = \"from users\"", "SELECT wp_posts", "SELECT", "wp_posts"],
  ["SELECT * FROM wp_posts # , users\nWHERE a = 1", "SELECT wp_posts", "SELECT", "wp_posts"],
  ["SELECT * FROM wp_posts WHERE a = 'it\\'s' AND b IN (SELECT c FROM d)", "SELECT wp_posts SELECT d", "SELECT"],
  ["SELECT * FROM a STRAIGHT_JOIN b ON a.x = b.x", "SELECT a b", "SELECT"],
  ["SELECT * FROM posts USE INDEX (a, b), users", "SELECT posts users", "SELECT"],
  ["SELECT 1 FROM DUAL", "SELECT", "SELECT"],
  ["SELECT a INTO @x FROM posts", "SELECT posts", "SELECT", "posts"],
  ["INSERT IGNORE INTO posts VALUES (?)", "INSERT posts", "INSERT", "posts"],
  ["INSERT INTO posts SET a = 1, b = 2", "INSERT posts", "INSERT", "posts"],
  ["INSERT INTO posts (a) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)", "INSERT posts", "INSERT", "posts"],
  ["REPLACE INTO posts VALUES (?)", "REPLACE posts", "REPLACE", "posts"],
  ["SELECT REPLACE(a, 'x', 'y') FROM posts", "SELECT posts", "SELECT", "posts"],
  ["UPDATE posts p JOIN users u ON p.a = u.a SET p.b = 1, p.c = 2", "UPDATE posts users", "UPDATE"],
  ["UPDATE LOW_PRIORITY IGNORE posts SET a = 1", "UPDATE posts", "UPDATE", "posts"],
  ["DELETE p FROM posts p JOIN users u ON p.a = u.a", "DELETE posts users", "DELETE"],
  ["SHOW TABLES", "SHOW TABLES", "SHOW"],
  ["USE blog", "USE blog", "USE"],
  ["LOAD DATA INFILE 'a.csv' INTO TABLE posts", "LOAD DATA", "LOAD DATA"],
  ["/*!40101 SET NAMES utf8 */; SELECT 1 FROM a", "SELECT a", "SELECT", "a"],
  ["CREATE PROCEDURE p() BEGIN DELETE FROM posts; END", "CREATE PROCEDURE p", "CREATE PROCEDURE"],
  [
    "SELECT SQL_CALC_FOUND_ROWS `wp_posts`.`ID` FROM `wp_posts` WHERE 1 = 1 LIMIT 0, 10",
    "SELECT wp_posts",
    "SELECT",
    "wp_posts"
  ],
  ["SELECT FOUND_ROWS()", "SELECT", "SELECT"],
  [
    "SELECT option_value FROM wp_options WHERE option_name = 'siteurl' LIMIT 1",
    "SELECT wp_options",
    "SELECT",
    "wp_options"
  ],
  [
    "SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id",
    "SELECT wp_terms wp_term_taxonomy",
    "SELECT"
  ],
  [
    "INSERT INTO `wp_options` (`option_name`) VALUES ('a') ON DUPLICATE KEY UPDATE `option_value` = VALUES(`option_value`)",
    "INSERT wp_options",
    "INSERT",
    "wp_options"
  ],
  ["INSERT IGNORE INTO posts SET slug = ?", "INSERT posts", "INSERT", "posts"],
  ["INSERT DELAYED INTO log VALUES (1)", "INSERT log", "INSERT", "log"],
  ["REPLACE INTO cache VALUES (?, ?)", "REPLACE cache", "REPLACE", "cache"],
  ["UPDATE LOW_PRIORITY posts SET a = 1 ORDER BY id LIMIT 1", "UPDATE posts", "UPDATE", "posts"],
  ["UPDATE posts JOIN users ON posts.author = users.id SET posts.a = 1", "UPDATE posts users", "UPDATE"],
  ["DELETE QUICK FROM posts WHERE id = ?", "DELETE posts", "DELETE", "posts"],
  [
    "DELETE a FROM wp_postmeta a LEFT JOIN wp_posts b ON b.ID = a.post_id WHERE b.ID IS NULL",
    "DELETE wp_postmeta wp_posts",
    "DELETE"
  ],
  ["SELECT * FROM `my``table`", "SELECT `my``table`", "SELECT", "`my``table`"],
  ["SELECT * FROM `blog`.`posts`", "SELECT blog.posts", "SELECT", "blog.posts"],
  ["SHOW TABLES LIKE 'wp_%'", "SHOW TABLES", "SHOW"],
  ["DESCRIBE wp_posts", "DESCRIBE wp_posts", "DESCRIBE", "wp_posts"],
  ["SET NAMES utf8mb4", "SET NAMES", "SET"],
  ["SET SESSION sql_mode = 'STRICT_ALL_TABLES'", "SET SESSION sql_mode", "SET SESSION"],
  ["LOCK TABLES posts WRITE", "LOCK TABLES posts", "LOCK TABLES", "posts"],
  ["UNLOCK TABLES", "UNLOCK TABLES", "UNLOCK TABLES"],
  ["TRUNCATE TABLE posts", "TRUNCATE posts", "TRUNCATE", "posts"],
  ["CREATE TABLE IF NOT EXISTS `posts` (id INT) ENGINE=InnoDB", "CREATE TABLE posts", "CREATE TABLE", "posts"],
  ["ALTER TABLE posts ADD FULLTEXT INDEX words (title)", "ALTER TABLE posts", "ALTER TABLE", "posts"],
  ["DROP TABLE IF EXISTS a, b", "DROP TABLE a b", "DROP TABLE"],
  ["CREATE INDEX by_slug ON posts (slug)", "CREATE INDEX by_slug posts", "CREATE INDEX", "posts"],
  ["CALL refresh_counts(?)", "CALL refresh_counts", "CALL"],
  ["START TRANSACTION", "START TRANSACTION", "START TRANSACTION"],
  ["OPTIMIZE TABLE posts", "OPTIMIZE posts", "OPTIMIZE", "posts"],
  ["SELECT * FROM posts FORCE INDEX (by_slug) WHERE slug = ?", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts PARTITION (p0, p1)", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts STRAIGHT_JOIN users", "SELECT posts users", "SELECT"],
  ["SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$')) AS t", "SELECT", "SELECT"]
]

export const sqlite: ReadonlyArray<Statement> = [
  [
    "SELECT * FROM [my posts] WHERE id = ?1 AND a = :a AND b = @b AND c = $c",
    "SELECT [my posts]",
    "SELECT",
    "[my posts]"
  ],
  ["INSERT OR REPLACE INTO posts VALUES (?)", "INSERT posts", "INSERT", "posts"],
  ["INSERT OR IGNORE INTO posts VALUES (?)", "INSERT posts", "INSERT", "posts"],
  ["UPDATE OR ROLLBACK posts SET a = ?", "UPDATE posts", "UPDATE", "posts"],
  ["PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "PRAGMA"],
  ["BEGIN IMMEDIATE", "BEGIN", "BEGIN"],
  ["EXPLAIN QUERY PLAN SELECT * FROM posts", "EXPLAIN SELECT posts", "EXPLAIN", "posts"],
  ["CREATE VIRTUAL TABLE search USING fts5(title, body)", "CREATE TABLE search", "CREATE TABLE", "search"],
  ["CREATE TABLE posts (id INTEGER PRIMARY KEY) STRICT", "CREATE TABLE posts", "CREATE TABLE", "posts"],
  ["SELECT name FROM sqlite_master WHERE type = 'table'", "SELECT sqlite_master", "SELECT", "sqlite_master"],
  ["INSERT OR REPLACE INTO posts VALUES (?, ?)", "INSERT posts", "INSERT", "posts"],
  [
    "INSERT INTO posts (id) VALUES (?1) ON CONFLICT (id) DO UPDATE SET a = excluded.a RETURNING *",
    "INSERT posts",
    "INSERT",
    "posts"
  ],
  ["UPDATE OR ROLLBACK posts SET a = :a", "UPDATE posts", "UPDATE", "posts"],
  ["UPDATE posts SET a = t.a FROM tags t WHERE t.id = posts.id", "UPDATE posts tags", "UPDATE"],
  ["DELETE FROM posts WHERE rowid = ?", "DELETE posts", "DELETE", "posts"],
  ["SELECT * FROM main.posts", "SELECT main.posts", "SELECT", "main.posts"],
  ["SELECT * FROM [my posts] JOIN \"tags\" USING (id)", "SELECT [my posts] tags", "SELECT"],
  ["PRAGMA table_info(posts)", "PRAGMA table_info", "PRAGMA"],
  ["CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY) STRICT", "CREATE TABLE posts", "CREATE TABLE", "posts"],
  ["CREATE UNIQUE INDEX IF NOT EXISTS by_slug ON posts (slug)", "CREATE INDEX by_slug posts", "CREATE INDEX", "posts"],
  ["CREATE TEMP TABLE t AS SELECT * FROM posts", "CREATE TABLE t SELECT posts", "CREATE TABLE"],
  ["DROP INDEX by_slug", "DROP INDEX by_slug", "DROP INDEX"],
  ["ATTACH DATABASE 'other.db' AS other", "ATTACH", "ATTACH"],
  ["VACUUM", "VACUUM", "VACUUM"],
  ["REINDEX", "REINDEX", "REINDEX"],
  ["SAVEPOINT a", "SAVEPOINT", "SAVEPOINT"],
  ["RELEASE a", "RELEASE", "RELEASE"],
  [
    "WITH RECURSIVE tree(id) AS (SELECT 1 UNION ALL SELECT id FROM posts, tree WHERE parent = tree.id) SELECT * FROM tree",
    "SELECT SELECT SELECT posts",
    "SELECT",
    "posts"
  ],
  ["SELECT * FROM json_each(?) JOIN posts ON posts.id = value", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts INDEXED BY by_slug WHERE slug = ?", "SELECT posts", "SELECT", "posts"],
  ["SELECT * FROM posts NOT INDEXED", "SELECT posts", "SELECT", "posts"],
  ["VALUES (1), (2)", "VALUES", "VALUES"],
  ["REPLACE INTO posts VALUES (1)", "REPLACE posts", "REPLACE", "posts"],
  ["SELECT count(*) FILTER (WHERE a > 1) FROM posts", "SELECT posts", "SELECT", "posts"]
]

export const sqlServer: ReadonlyArray<Statement> = [
  ["SELECT TOP 5 * FROM [dbo].[Posts] WITH (NOLOCK) WHERE Id = @id", "SELECT dbo.Posts", "SELECT", "dbo.Posts"],
  ["SELECT * FROM dbo.Posts CROSS APPLY dbo.Tags(Posts.Id)", "SELECT dbo.Posts", "SELECT", "dbo.Posts"],
  ["EXEC dbo.GetPosts @limit = 5", "EXEC dbo.GetPosts", "EXEC"],
  ["INSERT INTO #temp SELECT * FROM Posts", "INSERT #temp SELECT Posts", "INSERT"],
  ["UPDATE Posts SET A = 1 OUTPUT inserted.Id WHERE B = 2", "UPDATE Posts", "UPDATE", "Posts"],
  ["DELETE FROM Posts OUTPUT deleted.Id", "DELETE Posts", "DELETE", "Posts"]
]
