-- SPDX-License-Identifier: Apache-2.0
-- From Kafka, at least once. Where the brokers are, and how to speak to them, is the named collection `gander_kafka`: in the
-- server's configuration (deploy/clickhouse-kafka.xml) or by `create named collection`.
create table if not exists fleet.sketch_queue (message String) engine = Kafka(gander_kafka)
settings kafka_topic_list = 'gander.sketch', kafka_group_name = 'gander-fleet-clickhouse', kafka_format = 'RawBLOB',
         kafka_max_block_size = 65536, kafka_flush_interval_ms = 2000;
create table if not exists fleet.event_queue (message String) engine = Kafka(gander_kafka)
settings kafka_topic_list = 'gander.events', kafka_group_name = 'gander-fleet-clickhouse', kafka_format = 'RawBLOB',
         kafka_max_block_size = 65536, kafka_flush_interval_ms = 2000;
create materialized view if not exists fleet.sketch_arrives to fleet.arrived as
  select _topic as topic, _partition as part, _offset as place, message from fleet.sketch_queue;
create materialized view if not exists fleet.event_arrives to fleet.arrived as
  select _topic as topic, _partition as part, _offset as place, message from fleet.event_queue;
