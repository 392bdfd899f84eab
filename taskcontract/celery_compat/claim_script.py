"""What Redis runs to take a message and note who has it, in one step."""

from __future__ import annotations

from taskcontract.model.nesting import DEEPEST

__all__ = ["CLAIM"]

CLAIM = (
    f"local deepest = {DEEPEST}"
    + """
local function decode(item)
  local bounds = cjson.decode_max_depth
  if bounds then bounds(deepest) end
  local ok, message = pcall(cjson.decode, item)
  if bounds then bounds(1000) end
  return ok, message
end
local function read(item)
  local ok, message = decode(item)
  local properties = ok and type(message) == 'table' and message.properties
  if type(properties) ~= 'table' or type(properties.delivery_tag) ~= 'string' then return end
  local delivery, headers = properties.delivery_info, message.headers
  if type(delivery) == 'table' and type(headers) == 'table' and headers[1] == nil
      and type(delivery.exchange) == 'string' and type(delivery.routing_key) == 'string' then
    return properties.delivery_tag, delivery
  end
end
local function wrap(item, queue, tag)
  local properties = {delivery_tag = tag, delivery_info = {exchange = '', routing_key = queue}}
  return cjson.encode({body = item, headers = {}, properties = properties})
end
for i = 3, #KEYS do
  local item = redis.call('RPOP', KEYS[i])
  if item then
    local tag, delivery = read(item)
    if not tag then
      item = wrap(item, ARGV[i], ARGV[2])
      tag, delivery = read(item)
    end
    redis.call('ZADD', KEYS[2], ARGV[1], tag)
    redis.call('HSET', KEYS[1], tag, '[' .. item .. ', ' .. cjson.encode(delivery.exchange) .. ', '
      .. cjson.encode(delivery.routing_key) .. ']')
    return {KEYS[i], item}
  end
end
return false
"""
)
"""Pops from the first of KEYS[3..] that has a message, and notes it as Kombu does; answers as BRPOP does.

An item that is not a message of Kombu's, which would stop the worker and be lost, is made one that has it
as its body: with ARGV[2] for its tag and the queue's name in ARGV[3..]. So is one that is nested
deeper than DEEPEST levels; 1000 is the bound that Redis itself has.
"""
