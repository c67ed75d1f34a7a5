-- PostgreSQL alone needed this: there letters are partitioned, and references to them were slow to check.
SELECT 1;
